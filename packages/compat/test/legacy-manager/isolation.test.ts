import { getWebSocketManager } from '@ws/core';
import { describe, expect, it } from 'vitest';
import { UnifiedWebSocketEmitter } from '../../src/index.ts';
import type { LegacyManager } from '../../src/legacy-manager/legacy-manager.ts';
import { eventsOf, legacyWorld } from '../support/legacy-world.ts';
import { quietWarnings } from '../support/quiet-warnings.ts';

quietWarnings();

const socket = {} as never;

// Every legacy call that names a user, with another one's id.
const CALLS: Readonly<Record<string, (manager: LegacyManager) => unknown>> = {
  sendToUser: (manager) => manager.sendToUser('bob', { type: 'notice' }),
  send_to_user: (manager) => manager.send_to_user('bob', { type: 'notice' }),
  'sendToUser, in the message': (manager) => manager.sendToUser('alice', { type: 'notice', user_id: 'bob' }),
  sendToUserWithWait: (manager) => manager.sendToUserWithWait('bob', { type: 'notice' }),
  sendMessage: (manager) => manager.sendMessage('bob', { type: 'notice' }),
  sendAgentEvent: (manager) => manager.sendAgentEvent('bob', 'agent_started', {}),
  emitAgentEvent: (manager) => manager.emitAgentEvent('bob', 'agent_started', {}),
  emitCriticalEvent: (manager) => manager.emitCriticalEvent('bob', 'agent_started', {}),
  'emitCriticalEvent, in the data': (manager) => manager.emitCriticalEvent('alice', 'agent_started', { userId: 'bob' }),
  sendEvent: (manager) => manager.sendEvent('bob', 'agent_started', {}),
  sendEventAfterCommit: (manager) => manager.sendEventAfterCommit('bob', 'notice', {}, Promise.resolve()),
  'sendToThread, in the message': (manager) => manager.sendToThread('t1', { type: 'notice', user_id: 'bob' }),
  'broadcast, in the message': (manager) => manager.broadcast({ type: 'notice', user_id: 'bob' }),
  addConnection: (manager) => manager.addConnection({ websocket: socket, userId: 'bob' }),
  connectUser: (manager) => manager.connectUser('bob', socket),
  addConnectionByUser: (manager) => manager.addConnectionByUser('bob', socket),
  disconnectUser: (manager) => manager.disconnectUser('bob'),
  removeConnectionByUser: (manager) => manager.removeConnectionByUser('bob'),
  getUserConnections: (manager) => manager.getUserConnections('bob'),
  getConnectionCount: (manager) => manager.getConnectionCount('bob'),
  isUserConnected: (manager) => manager.isUserConnected('bob'),
  UnifiedWebSocketEmitter: (manager) => new UnifiedWebSocketEmitter(manager, 'bob'),
  'an emitter, in the data': (manager) => new UnifiedWebSocketEmitter(manager).emitAgentStarted({ user_id: 'bob' }),
};

describe('another user’s id', () => {
  it.each(Object.entries(CALLS))('is refused by %s, with how to migrate', async (_, call) => {
    const { manager, hub } = legacyWorld();
    const refused = (async () => call(manager))();
    await expect(refused).rejects.toMatchObject({ code: 'ISOLATION_VIOLATION' });
    await expect(refused).rejects.toThrow(/getWebSocketManager\(\{ userId \}\)/);
    expect(await eventsOf(manager)).toEqual([]);
    expect((await getWebSocketManager({ userId: 'bob' }, hub).history()).events).toEqual([]);
  });

  it('is counted', async () => {
    const { manager } = legacyWorld();
    await manager.sendToUser('bob', { type: 'notice' }).catch(() => undefined);
    expect(() => manager.isUserConnected('bob')).toThrow();
    expect(manager.getContaminationStats()).toMatchObject({ refused_calls: 2, delivered_to_others: 0 });
    expect(manager.get_error_statistics()).toMatchObject({ total_errors: 2, by_code: { ISOLATION_VIOLATION: 2 } });
  });
});

it('a user has nothing of another: connections and events stay theirs', async () => {
  const { manager, hub } = legacyWorld();
  const bob = getWebSocketManager({ userId: 'bob' }, hub);
  await manager.emitCriticalEvent('alice', 'agent_started', { agent_name: 'a' });
  expect((await bob.history()).events).toEqual([]);
  expect(await bob.openRuns()).toEqual([]);
});

it('an isolated manager emits into its thread', async () => {
  const { hub } = legacyWorld();
  const { getManager } = await import('../../src/index.ts');
  const isolated = getManager({ userId: 'alice', mode: 'isolated', threadId: 't1' }, hub);
  await isolated.emitCriticalEvent('alice', 'agent_started', { agent_name: 'a' });
  await isolated.broadcast({ type: 'notice' });
  expect((await eventsOf(isolated)).map((event) => event.thread_id)).toEqual(['t1', 't1']);
});
