import { describe, expect, it } from 'vitest';
import { MemoryEventLog, type Authentication, type HubOptions } from '../../src/index.ts';
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
    const issuedAt = clock.now() - 1;
    const tabs = [await a.connected('alice', {}, { issuedAt }), await b.connected('alice')];
    const bob = await b.connected('bob');
    await a.hub.revoke({ userId: 'alice', expiresAt: clock.now() + HOUR });
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
    const fresh = await b.connected('alice', {}, { issuedAt: clock.now() + 1 });
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

  it('fails while the log is away, and nothing is revoked by half', async () => {
    const log = new LogDoor(new MemoryEventLog());
    const world = setUp({ log });
    const tab = await world.connected('alice');
    log.goAway();
    expect(await outcome(world.hub.revoke({ userId: 'alice', expiresAt: world.clock.now() + HOUR }))).toBe(
      'LOG_UNAVAILABLE',
    );
    expect(tab.closedWith).toBeUndefined();
    expect(await world.hub.isRevoked({ userId: 'alice' })).toBe(false);
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
});
