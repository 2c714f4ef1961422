import { toEventId, WebSocketError } from '@ws/types';
import { describe, expect, it } from 'vitest';
import { MemoryEventLog, type HubOptions } from '../../src/index.ts';
import type { Authentication } from '../../src/internal.ts';
import { REVOCATIONS_STREAM } from '../../src/stream-key.ts';
import { FakeClock } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';
import { outcome, setUp } from '../support/world.ts';

const HOUR = 3_600_000;

/** Two processes on one log. */
function twoNodes(options: HubOptions = {}) {
  const clock = new FakeClock();
  const log = new MemoryEventLog();
  const doors = [new LogDoor(log), new LogDoor(log)] as const;
  const [a, b] = [setUp({ ...options, clock, log: doors[0] }), setUp({ ...options, clock, log: doors[1] })];
  return { clock, log, doors, a, b };
}

describe('a revocation', () => {
  it('of a user closes their connections in every process, and refuses the credentials issued until then', async () => {
    const { clock, a, b } = twoNodes();
    const issuedAt = clock.now() - HOUR;
    const tabs = [await a.connected('alice', {}, { issuedAt }), await b.connected('alice')];
    const bob = await b.connected('bob');
    const { validFrom = 0, written } = await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    expect(written).toBe(true);
    await clock.settle();
    for (const tab of tabs) {
      expect(tab.frames.at(-1)).toMatchObject({ type: 'error', code: 'CREDENTIAL_REVOKED', fatal: true });
      expect(tab.closedWith?.code).toBe(4501);
    }
    expect(bob.closedWith).toBeUndefined();

    const again = await b.connected('alice', {}, { issuedAt });
    expect(again.frames).toMatchObject([{ type: 'error', code: 'CREDENTIAL_REVOKED', fatal: true }]);
    expect(again.closedWith?.code).toBe(4501);
    expect(await b.hub.isRevoked({ userId: 'alice', issuedAt })).toBe(true);
    const fresh = await b.connected('alice', {}, { issuedAt: validFrom });
    expect(fresh.frames[0]?.type).toBe('connection_ready');
  });

  it('of one token leaves the others of the user alone', async () => {
    const { clock, a, b } = twoNodes();
    const stolen = await b.connected('alice', {}, { tokenId: 'stolen' });
    const good = await b.connected('alice', {}, { tokenId: 'good' });
    await a.hub.revoke({ userId: 'alice', tokenId: 'stolen', expiresAt: clock.now() + HOUR });
    await clock.settle();
    expect([stolen.closedWith?.code, good.closedWith?.code]).toEqual([4501, undefined]);
    expect(await a.hub.isRevoked({ userId: 'alice', tokenId: 'stolen' })).toBe(true);
    expect(await a.hub.isRevoked({ userId: 'mallory', tokenId: 'stolen' })).toBe(false);
    expect(await a.hub.isRevoked({ userId: 'alice' })).toBe(false);
  });

  it('is not forgotten for a clock that was set forward, and is in force when it is set right', async () => {
    const { clock, a, b } = twoNodes();
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    clock.step(2 * HOUR);
    await a.hub.revoke({ userId: 'alice', tokenId: 'another', expiresAt: clock.now() + HOUR });
    await clock.advance(10_000);
    clock.step(-2 * HOUR);
    expect(await a.hub.isRevoked({ userId: 'alice' })).toBe(true);
    expect(await b.hub.isRevoked({ userId: 'alice' })).toBe(true);
  });

  it('stays in force where another one is heard of under a clock that was set forward, and the log is away', async () => {
    const { clock, a, b, doors } = twoNodes();
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    expect(await b.hub.isRevoked({ userId: 'alice' })).toBe(true);
    doors[1].goAway();
    clock.step(2 * HOUR);
    const times = { expiresAt: clock.now() + HOUR, revokedAt: clock.now() };
    b.hub.learnRevocation({ userId: 'alice', tokenId: 'another', eventId: toEventId('r-2'), ...times });
    clock.step(-2 * HOUR);
    expect(await b.hub.isRevoked({ userId: 'alice' })).toBe(true);
  });

  it('is forgotten when the credentials would have expired', async () => {
    const { clock, a } = twoNodes();
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    await clock.advance(HOUR);
    expect(await a.hub.isRevoked({ userId: 'alice' })).toBe(false);
  });

  it('is known to a process that starts later, and outlives the one that announced it', async () => {
    const { clock, log, a, doors } = twoNodes();
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    doors[0].kill();
    const late = setUp({ clock, log: new LogDoor(log) });
    expect((await late.connected('alice')).closedWith?.code).toBe(4501);
  });

  it('whose message was lost is found with the next one', async () => {
    const { clock, a, b, doors, log } = twoNodes();
    const tab = await b.connected('alice');
    doors[1].hold();
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    await clock.settle();
    expect(tab.closedWith).toBeUndefined();
    doors[1].drop();
    await setUp({ clock, log }).hub.revoke({ userId: 'bob', expiresAt: clock.now() + HOUR });
    await clock.settle();
    expect(tab.closedWith?.code).toBe(4501);
  });

  it('is also heard of while a connection is being opened', async () => {
    const clock = new FakeClock();
    const log = new MemoryEventLog();
    const door = new LogDoor(log);
    const { connect, hub } = setUp({ clock, log: door });
    await hub.isRevoked({ userId: 'alice' });
    let go = (): void => undefined;
    door.delay = () => new Promise((resolve) => (go = resolve));
    const tab = connect('alice');
    await clock.settle();
    const other = setUp({ clock, log });
    await other.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    go();
    await clock.settle();
    expect(tab.frames).toMatchObject([{ type: 'error', code: 'CREDENTIAL_REVOKED' }]);
  });

  it('refuses to take a fresh token that was revoked, and a bad revocation', async () => {
    const world = setUp();
    const revoked: Authentication = { userId: 'alice', tokenId: 'old' };
    const tab = await world.connected('alice', {}, { tokenId: 'new', authenticate: () => Promise.resolve(revoked) });
    await world.hub.revoke({ ...revoked, expiresAt: world.clock.now() + HOUR });
    tab.say({ type: 'auth', token: 'old' });
    await world.clock.settle();
    expect(tab.frames.at(-1)).toMatchObject({ type: 'error', code: 'CREDENTIAL_REVOKED', fatal: false });
    expect(await outcome(world.hub.revoke({ userId: '', expiresAt: 1 }))).toBe('INVALID_USER_ID');
    expect(await outcome(world.hub.revoke({ userId: 'alice', expiresAt: NaN }))).toBe('INVALID_OPTION');
  });

  it('needs a time in the future', async () => {
    const { hub, clock } = setUp();
    for (const expiresAt of [clock.now(), 1_790_000_000, Infinity]) {
      expect(await outcome(hub.revoke({ userId: 'alice', expiresAt }))).toBe('INVALID_OPTION');
    }
  });
});

describe('when a credential was issued', () => {
  const TOLERANCE = 5_000;

  /** A revocation in the middle of a second, and when it was. */
  async function revoked() {
    const world = setUp({ clock: new FakeClock(1_790_000_000_400), tuning: { clockToleranceMs: TOLERANCE } });
    const revokedAt = world.clock.now();
    const receipt = await world.hub.revoke({ userId: 'alice', expiresAt: revokedAt + HOUR });
    return { ...world, revokedAt, receipt };
  }

  it.each([
    ['the second before', -1_000, 'CREDENTIAL_REVOKED', 4501],
    ['the same second, which tokens say in whole ones', 0, 'CREDENTIAL_EXPIRED', 4001],
    ['within the tolerance', 5_000, 'CREDENTIAL_EXPIRED', 4001],
  ])('%s: refused with the code by which a client knows whether another will do', async (_name, after, code, close) => {
    const { hub, connected, revokedAt } = await revoked();
    const issuedAt = Math.floor(revokedAt / 1_000) * 1_000 + after;
    const tab = await connected('alice', {}, { issuedAt });
    expect(tab.frames).toMatchObject([{ type: 'error', code, fatal: true }]);
    expect(tab.closedWith?.code).toBe(close);
    expect(await outcome(hub.assertNotRevoked({ userId: 'alice', issuedAt }))).toBe(code);
    expect(await hub.isRevoked({ userId: 'alice', issuedAt })).toBe(true);
  });

  it('from the second that the receipt names on it is good, and one issued by this process always is', async () => {
    const { hub, connected, clock, receipt, revokedAt } = await revoked();
    expect(receipt.validFrom).toBe(1_790_000_006_000);
    const tab = await connected('alice', {}, { issuedAt: 1_790_000_006_000 });
    expect(tab.frames[0]?.type).toBe('connection_ready');
    // At once, though the tolerance has not passed.
    expect(clock.now()).toBe(revokedAt);
    const issuedAt = await hub.issueTime('alice');
    expect((await connected('alice', {}, { issuedAt })).frames[0]?.type).toBe('connection_ready');
    expect(await hub.issueTime('bob')).toBe(clock.now());
  });

  it('does not matter to what is open: it is closed, in every process', async () => {
    const { clock, a, b } = twoNodes();
    // The clocks of the hubs were set back ten minutes: all credentials are of the future.
    const issuedAt = clock.now() + 600_000;
    const tabs = [await a.connected('alice', {}, { issuedAt }), await b.connected('alice', {}, { issuedAt })];
    const opening = a.accept({ authentication: { userId: 'alice', issuedAt } });
    const bob = await b.connected('bob', {}, { issuedAt });
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    await clock.settle();
    expect(tabs.map((tab) => tab.closedWith?.code)).toEqual([4001, 4001]);
    expect(bob.closedWith).toBeUndefined();
    // What was let in and had not said hello yet is open, too.
    opening.say({ type: 'hello' });
    await clock.settle();
    expect(opening.closedWith?.code).toBe(4001);
  });

  it('what was closed opens nothing more, also where the clock was set back', async () => {
    const { clock, a, b } = twoNodes();
    const issuedAt = clock.now() + 600_000;
    await a.connected('alice', {}, { issuedAt });
    const { validFrom = 0 } = await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    await clock.settle();
    for (const node of [a, b]) expect((await node.connected('alice', {}, { issuedAt })).closedWith?.code).toBe(4001);
    expect(validFrom).toBeGreaterThan(issuedAt);
    expect((await b.connected('alice', {}, { issuedAt: validFrom })).frames[0]?.type).toBe('connection_ready');
  });

  it('a revocation that was heard of before does not close what was opened since', async () => {
    const { clock, log, a, b } = twoNodes({ tuning: { heartbeatMs: HOUR } });
    const { validFrom = 0 } = await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    const tab = await b.connected('alice', {}, { issuedAt: validFrom });
    // Repeated, so that the later one takes the place of the former; then all is read again.
    await a.hub.revoke({ userId: 'bob', expiresAt: clock.now() + HOUR });
    await a.hub.revoke({ userId: 'bob', expiresAt: clock.now() + 2 * HOUR });
    await clock.advance(90_000);
    expect(log.head(REVOCATIONS_STREAM).head).toBe(3);
    expect(tab.closedWith).toBeUndefined();
  });
});

describe('a revocation while the log cannot be written', () => {
  const unavailable = (log: LogDoor): void => log.goAway();
  const full = (log: LogDoor): void => {
    log.appendFault = new WebSocketError('LOG_FULL', 'no room (test)');
  };

  it.each([
    ['is away', unavailable],
    ['is full', full],
  ])('%s: has effect here at once, and is written when that is possible', async (_name, fail) => {
    const { clock, a, b, doors } = twoNodes();
    const tabs = [await a.connected('alice'), await b.connected('alice')];
    fail(doors[0]);
    expect(await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR })).toMatchObject({ written: false });
    expect(tabs.map((tab) => tab.closedWith?.code)).toEqual([4501, undefined]);
    expect((await a.connected('alice')).closedWith?.code).toBe(4501);
    expect(await a.hub.isRevoked({ userId: 'alice' })).toBe(true);
    expect(a.hub.stats().unwrittenRevocations).toBe(1);
    // A second one waits for the same log, and is not tried.
    const { appends } = doors[0];
    expect(await a.hub.revoke({ userId: 'bob', expiresAt: clock.now() + HOUR })).toMatchObject({ written: false });
    expect(doors[0].appends).toBe(appends);

    doors[0].comeBack();
    doors[0].appendFault = undefined;
    await clock.advance(2_000);
    expect(tabs[1]?.closedWith?.code).toBe(4501);
    expect(await b.hub.isRevoked({ userId: 'bob' })).toBe(true);
    expect(a.hub.stats().unwrittenRevocations).toBe(0);
  });

  it('that went away before this process had read it: what is revoked here is refused, and nothing else is let in', async () => {
    const { clock, a, b, doors } = twoNodes();
    doors[0].goAway();
    expect(await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR })).toMatchObject({ written: false });
    expect(await outcome(a.hub.assertNotRevoked({ userId: 'alice' }))).toBe('CREDENTIAL_REVOKED');
    expect(await outcome(a.hub.assertNotRevoked({ userId: 'bob' }))).toBe('LOG_UNAVAILABLE');
    expect((await a.connected('alice')).closedWith?.code).toBe(4501);
    doors[0].comeBack();
    await clock.advance(2_000);
    expect(await b.hub.isRevoked({ userId: 'alice' })).toBe(true);
  });

  it('is told to other processes by the service, which close and refuse at once and write it as well', async () => {
    const clock = new FakeClock();
    const log = new MemoryEventLog();
    const doors = [new LogDoor(log), new LogDoor(log)] as const;
    const b = setUp({ clock, log: doors[1] });
    const a = setUp({ clock, log: doors[0], onUnwrittenRevocation: (one) => b.hub.learnRevocation(one) });
    const tab = await b.connected('alice');
    for (const door of doors) full(door);
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    await clock.settle();
    expect(tab.closedWith?.code).toBe(4501);
    expect((await b.connected('alice')).closedWith?.code).toBe(4501);
    // The process that announced it is gone before the log has room.
    doors[0].kill();
    doors[1].appendFault = undefined;
    await clock.advance(2_000);
    expect(await setUp({ clock, log }).hub.isRevoked({ userId: 'alice' })).toBe(true);
    expect(log.head(REVOCATIONS_STREAM).head).toBe(1);
  });

  it('is not written twice where the answer of the log was lost', async () => {
    const { clock, log, a, doors } = twoNodes();
    doors[0].nextAppend = 'after';
    expect(await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR })).toMatchObject({ written: false });
    await clock.advance(60_000);
    expect(log.head(REVOCATIONS_STREAM).head).toBe(1);
    expect(a.hub.stats().unwrittenRevocations).toBe(0);
  });

  it('is named as lost by a process that ends before', async () => {
    const { clock, a, doors } = twoNodes();
    doors[0].goAway();
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    await a.hub.close();
    expect(a.errors).toMatchObject([
      { code: 'LOG_UNAVAILABLE', message: expect.stringContaining('1 revocation') as string },
    ]);
  });

  it('fails where the log is damaged, and has effect all the same', async () => {
    const { clock, a, doors } = twoNodes();
    doors[0].appendFault = new WebSocketError('LOG_CORRUPT', 'damaged (test)');
    expect(await outcome(a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR }))).toBe('LOG_CORRUPT');
    expect(await a.hub.isRevoked({ userId: 'alice' })).toBe(true);
  });
});

describe('the stream of revocations', () => {
  it('is compacted, and what is still of use stays', async () => {
    const { clock, log, a } = twoNodes();
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    await a.hub.revoke({ userId: 'carol', tokenId: 't', expiresAt: clock.now() + HOUR });
    for (let n = 0; n < 254; n += 1) await a.hub.revoke({ userId: `user-${n}`, expiresAt: clock.now() + 1 });
    await clock.settle();
    expect(log.read(REVOCATIONS_STREAM, 0, 1_000).events).toEqual([]);
    await clock.advance(1);
    const late = setUp({ clock, log }).hub;
    expect(await late.isRevoked({ userId: 'alice' })).toBe(true);
    expect(await late.isRevoked({ userId: 'carol', tokenId: 't' })).toBe(true);
    expect(await late.isRevoked({ userId: 'carol' })).toBe(false);
    expect(await late.isRevoked({ userId: 'user-1' })).toBe(false);
  });

  it('is written again by whoever remembers it, when the log has lost it', async () => {
    const { clock, a, doors } = twoNodes();
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    const empty = new MemoryEventLog();
    doors[0].replace(empty);
    await a.hub.revoke({ userId: 'bob', expiresAt: clock.now() + HOUR });
    await clock.settle();
    const { hub } = setUp({ clock, log: empty });
    expect(await hub.isRevoked({ userId: 'bob' })).toBe(true);
    expect(await hub.isRevoked({ userId: 'alice' })).toBe(true);
    expect(empty.head(REVOCATIONS_STREAM).head).toBe(2);
  });

  it('is compared with what is remembered: what was deleted on the server is written again, once', async () => {
    const { clock, a, b, doors } = twoNodes();
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    await a.hub.revoke({ userId: 'bob', tokenId: 't', expiresAt: clock.now() + HOUR });
    expect(await b.hub.isRevoked({ userId: 'alice' })).toBe(true);
    const tab = await b.connected('carol');
    const empty = new MemoryEventLog();
    for (const door of doors) door.replace(empty);
    // Nobody announces anything, and nobody connects: time passes.
    await clock.advance(31_000);
    expect(empty.head(REVOCATIONS_STREAM).head).toBe(2);
    const { hub } = setUp({ clock, log: empty });
    expect(await hub.isRevoked({ userId: 'alice' })).toBe(true);
    expect(await hub.isRevoked({ userId: 'bob', tokenId: 't' })).toBe(true);
    expect(tab.closedWith).toBeUndefined();
    await clock.advance(90_000);
    expect(empty.head(REVOCATIONS_STREAM).head).toBe(2);
    expect([...a.errors, ...b.errors]).toEqual([]);
  });

  it('what has lapsed, or is said by a later one, is not written again', async () => {
    const { clock, a, doors } = twoNodes();
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    await clock.advance(1_000);
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    await a.hub.revoke({ userId: 'bob', expiresAt: clock.now() + 1_000 });
    const empty = new MemoryEventLog();
    doors[0].replace(empty);
    await clock.advance(31_000);
    expect(empty.head(REVOCATIONS_STREAM).head).toBe(1);
  });

  it('that lost a part keeps its epoch: the part is written again', async () => {
    const { clock, log, a, doors } = twoNodes();
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    await a.hub.revoke({ userId: 'bob', expiresAt: clock.now() + HOUR });
    // Somebody with access to the storage trims it, and leaves nothing in its place.
    log.trim(REVOCATIONS_STREAM, 1, '[]');
    await clock.advance(31_000);
    expect(await setUp({ clock, log: doors[1] }).hub.isRevoked({ userId: 'alice' })).toBe(true);
    expect(log.head(REVOCATIONS_STREAM).head).toBe(3);
  });

  it('a message that was lost is made up for within the half minute', async () => {
    const { clock, a, b, doors } = twoNodes();
    const tab = await b.connected('alice');
    doors[1].hold();
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    doors[1].drop();
    await clock.advance(31_000);
    expect(tab.closedWith?.code).toBe(4501);
  });

  it('is read again where another process compacts it meanwhile', async () => {
    const { clock, log, a, doors } = twoNodes();
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
    let go = (): void => undefined;
    const waits: (() => void)[] = [];
    doors[1].delay = () => new Promise((resolve) => void waits.push((go = resolve)));
    const late = setUp({ clock, log: doors[1] });
    const asked = late.hub.isRevoked({ userId: 'alice' });
    await clock.settle();
    go();
    await clock.settle();
    // It has seen the head, and is about to read the events.
    const [event] = log.read(REVOCATIONS_STREAM, 0, 10).events;
    log.trim(REVOCATIONS_STREAM, 1, `[${event?.data}]`);
    doors[1].delay = undefined;
    go();
    expect(await asked).toBe(true);
    expect(waits).toHaveLength(2);
  });
});
