import { createHub } from '@ws/core';
import { describe, expect, it } from 'vitest';
import { LegacySocketDouble } from '../support/legacy-socket.ts';
import { legacyWorld } from '../support/legacy-world.ts';
import { quietWarnings } from '../support/quiet-warnings.ts';

quietWarnings();

describe('connections of legacy code', () => {
  it('are attached, seen and closed', async () => {
    const { manager, clock } = legacyWorld();
    const socket = new LegacySocketDouble();
    const session = manager.connectUser('alice', socket, { legacyEvents: 'flat', connectionId: 'old-1' });
    await clock.settle();
    expect(manager.getConnectionCount()).toBe(1);
    expect(manager.is_user_connected('alice')).toBe(true);
    expect(manager.getConnection('old-1')).toBe(session.connection);
    expect(manager.getConnectionIdByWebsocket(socket)).toBe('old-1');
    expect(manager.isConnectionActive('old-1')).toBe(true);
    expect(manager.isConnectionActive('alice')).toBe(true);
    expect(manager.getConnectionHealth()).toMatchObject({ has_active_connections: true, total_connections: 1 });
    expect(manager.getStats()).toMatchObject({ user_id: 'alice', mode: 'unified', active_connections: 1 });
    expect(manager.disconnectUser('alice', socket)).toBe(true);
    expect(socket.closedWith).toMatchObject({ code: 1000 });
    session.closed();
    expect(manager.getUserConnections()).toEqual([]);
    expect(manager.removeConnection('old-1')).toBe(false);
  });

  it('are all closed by shutdown, and only those of the user', async () => {
    const { hub, manager, clock } = legacyWorld();
    const { getManager } = await import('../../src/index.ts');
    const bob = getManager({ userId: 'bob' }, hub);
    const [own, second, others] = [new LegacySocketDouble(), new LegacySocketDouble(), new LegacySocketDouble()];
    manager.addConnection({ websocket: own, userId: 'alice', legacyEvents: 'flat' });
    manager.handleConnection(second);
    bob.addConnectionByUser('bob', others, { legacyEvents: 'flat' });
    await clock.settle();
    await manager.shutdown();
    expect([own.closedWith?.code, second.closedWith?.code, others.closedWith]).toEqual([1000, 1000, undefined]);
  });

  it('understand the old names of what a client says', async () => {
    const said: string[] = [];
    const { manager, clock } = legacyWorld({
      onUserMessage: ({ text, threadId }) => void said.push(`${threadId} ${text}`),
    });
    const socket = new LegacySocketDouble();
    const session = manager.handleConnection(socket, { legacyEvents: 'flat' });
    await clock.settle();
    const say = (message: object): void => session.receive(JSON.stringify(message));
    say({ type: 'chat_message', content: 'one', thread_id: 't1' });
    say({ type: 'user_input', payload: { text: 'two', thread_id: 't1' } });
    say({ type: 'message', data: { message: 'three' }, threadId: 't1' });
    say({ type: 'heartbeat' });
    say({ type: 'pong' });
    expect(manager.handleMessage(socket, { type: 'chat', content: 'four', thread_id: 't1' })).toBe(true);
    expect(manager.process_incoming_message('nobody', { type: 'chat' })).toBe(false);
    await clock.settle();
    expect(said).toEqual(['t1 one', 't1 two', 't1 three', 't1 four']);
    expect(socket.received.map(({ type }) => type)).toContain('pong');
    expect(socket.closedWith).toBeUndefined();
  });

  it('acknowledge by hand', async () => {
    const { manager, clock } = legacyWorld();
    const socket = new LegacySocketDouble();
    manager.handleConnection(socket, { legacyEvents: 'data' });
    await clock.settle();
    const sent = manager.sendToUserWithWait('alice', { type: 'notice' });
    await clock.advance(50);
    expect(manager.handleEventConfirmation(socket, 1)).toBe(true);
    expect(await sent).toMatchObject({ confirmed: true });
    expect(manager.deliveredOffset).toBe(1);
  });

  it('see one thread at a time where they ask for it', async () => {
    const { manager, clock } = legacyWorld();
    const socket = new LegacySocketDouble();
    const session = manager.connectToJob(socket, 't1');
    await clock.settle();
    const emit = async (text: string): Promise<void> => {
      for (const threadId of ['t1', 't2'])
        await manager.sendToThread(threadId, { type: 'notice', text: `${text} ${threadId}` });
      await manager.broadcast({ type: 'notice', text: `${text} all` });
      await clock.advance(50);
    };
    await emit('first');
    expect(manager.updateConnectionThread(session.connection?.id ?? '', 't2')).toBe(true);
    await emit('second');
    expect(socket.events.map(({ text }) => text)).toEqual(['first t1', 'first all', 'second t2', 'second all']);
    expect(manager.updateConnectionThread('nobody', 't2')).toBe(false);
    expect(manager.disconnectFromJob('t1', socket)).toBe(true);
    expect(socket.closedWith).toMatchObject({ code: 1000 });
  });

  it('say what is wrong with a socket or a filter', () => {
    const { manager } = legacyWorld();
    expect(() => manager.handleConnection({} as never)).toThrow(/socket of ws/);
    expect(() => manager.handleConnection(new LegacySocketDouble(), { threadId: 't1' })).toThrow(/hello/);
  });

  it('have nothing left to recover, and no tasks', async () => {
    const { manager } = legacyWorld();
    expect(await manager.processRecoveryQueue('alice')).toBe(0);
    expect(await manager.attemptMessageRecovery('alice')).toBe(0);
    expect(await manager.cleanup_error_data()).toBe(0);
    expect(manager.detectQueueOverflow('alice')).toBe(false);
    for (const name of [
      'startMonitoredBackgroundTask',
      'stop_background_task',
      'enableBackgroundMonitoring',
    ] as const) {
      expect(() => manager[name]()).toThrow(expect.objectContaining({ name: 'MigrationError' }));
    }
  });

  it('tell their health as it is', async () => {
    const hub = createHub();
    const { manager } = legacyWorld();
    expect(await manager.getHealthStatus()).toMatchObject({ status: 'healthy', log_reachable: true });
    await hub.close();
  });
});
