import { describe, expect, it } from 'vitest';
import { WebSocketError } from '@ws/types';
import type { Authentication } from '../../src/internal.ts';
import { framesOf, setUp, typesOf, type ConnectOptions } from '../support/world.ts';

const HOUR = 3_600_000;

async function withExpiry(
  fresh: (now: number) => Authentication | Error,
  first: ConnectOptions = {},
  hello: object = {},
) {
  const world = setUp({ tuning: { heartbeatMs: 10 * HOUR } });
  const authenticate = (): Promise<Authentication> => {
    const answer = fresh(world.clock.now());
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const expiresAt = world.clock.now() + HOUR;
  const tab = await world.connected('alice', hello, { expiresAt, ...first, authenticate });
  const refresh = async (): Promise<void> => {
    tab.say({ type: 'auth', token: 'fresh' });
    await world.clock.settle();
  };
  return { ...world, tab, refresh, expiresAt };
}

const alice = (now: number): Authentication => ({ userId: 'alice', expiresAt: now + HOUR });

describe('a credential that expires', () => {
  it('is told with connection_ready, announced 60 s ahead, and ends the connection with 4001', async () => {
    const { tab, clock, expiresAt } = await withExpiry(alice);
    expect(tab.frames[0]).toMatchObject({ expires_at: expiresAt });
    await clock.advance(HOUR - 60_001);
    expect(typesOf(tab)).toEqual(['connection_ready']);
    await clock.advance(251);
    expect(framesOf(tab, 'auth_expiring')).toEqual([{ type: 'auth_expiring', expires_at: expiresAt }]);
    await clock.advance(59_000);
    expect(tab.closedWith).toBeUndefined();
    await clock.advance(1_001);
    expect(tab.frames.at(-1)).toMatchObject({ code: 'CREDENTIAL_EXPIRED', fatal: true });
    expect(tab.closedWith?.code).toBe(4001);
  });

  it('is announced at once where less than 60 s are left', async () => {
    const world = setUp();
    const tab = await world.connected('alice', {}, { expiresAt: world.clock.now() + 10_000 });
    expect(typesOf(tab)).toEqual(['connection_ready', 'auth_expiring']);
  });

  it('that was refreshed lives on', async () => {
    const { tab, clock, refresh } = await withExpiry(alice);
    await clock.advance(HOUR - 30_000);
    const expiresAt = clock.now() + HOUR;
    await refresh();
    expect(tab.frames.at(-1)).toEqual({ type: 'auth_ok', expires_at: expiresAt });
    await clock.advance(HOUR - 61_000);
    expect(framesOf(tab, 'auth_expiring')).toHaveLength(1);
    await clock.advance(62_000);
    expect(tab.closedWith?.code).toBe(4001);
  });
});

describe('a refresh', () => {
  it('with a token that never expires ends the watch', async () => {
    const { tab, clock, refresh } = await withExpiry(() => ({ userId: 'alice' }));
    await refresh();
    expect(tab.frames.at(-1)).toEqual({ type: 'auth_ok' });
    await clock.advance(5 * HOUR);
    expect(tab.closedWith).toBeUndefined();
  });

  it.each([
    ["another user's token", () => ({ userId: 'bob' }), 'ISOLATION_VIOLATION'],
    ['a token bound to a thread', () => ({ userId: 'alice', isolatedThread: 't1' }), 'ISOLATION_VIOLATION'],
    ['a token of fewer threads', () => ({ userId: 'alice', threads: ['t1'] }), 'THREAD_NOT_ALLOWED'],
  ])('with %s closes the connection for good', async (_name, fresh, code) => {
    const { tab, refresh } = await withExpiry(fresh);
    await refresh();
    expect(tab.frames.at(-1)).toMatchObject({ code, fatal: true });
    expect(tab.closedWith?.code).toBe(4503);
  });

  it('with a token that allows every thread the connection sees is fine', async () => {
    const threads = { userId: 'alice', threads: ['t1', 't2'] };
    const { tab, refresh } = await withExpiry(() => threads, {}, { threads: ['t1'] });
    await refresh();
    expect(tab.frames.at(-1)).toEqual({ type: 'auth_ok' });
  });

  it('with a bad token changes nothing', async () => {
    const { tab, refresh, clock } = await withExpiry(() => new WebSocketError('CREDENTIAL_INVALID', 'no'));
    await refresh();
    expect(tab.frames.at(-1)).toMatchObject({ code: 'CREDENTIAL_INVALID', fatal: false });
    await clock.advance(HOUR - 61_000);
    expect(tab.closedWith).toBeUndefined();
  });

  it('that fails for a fault of the server says so without its details', async () => {
    const { tab, refresh, errors } = await withExpiry(() => new TypeError('key store password is 1234'));
    await refresh();
    expect(JSON.stringify(tab.frames.at(-1))).not.toContain('1234');
    expect(tab.frames.at(-1)).toMatchObject({ code: 'INTERNAL', fatal: false });
    expect(errors).toHaveLength(1);
  });

  it('is refused where tokens come with the upgrade only', async () => {
    const { connected, clock } = setUp();
    const tab = await connected('alice');
    tab.say({ type: 'auth', token: 'x' });
    await clock.settle();
    expect(tab.frames.at(-1)).toMatchObject({ code: 'CREDENTIAL_INVALID', fatal: false });
  });
});
