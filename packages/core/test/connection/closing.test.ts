import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import type { EventInput } from '@ws/types';
import { framesOf, setUp } from '../support/world.ts';

const message = (text: string): EventInput => ({ type: 'user_message', payload: { message_id: 'm', text } });

describe('a connection that ends', () => {
  it('is closing from when this side ends it, and closed when the socket is gone', async () => {
    const { connected, hub } = setUp();
    const tab = await connected('alice');
    const manager = hub.manager({ userId: 'alice' });
    const [connection] = manager.connections;
    connection?.close('RESTARTING');
    expect([connection?.state, tab.closedWith?.code, manager.connections]).toEqual(['closing', 1012, []]);
    tab.cut();
    expect(connection?.state).toBe('closed');
  });

  it('is told of once, whichever side ended it', async () => {
    const ended: unknown[] = [];
    const listener = (what: unknown): void => void ended.push(what);
    subscribe('agent-events:connection-close', listener);
    try {
      const { connected, hub } = setUp();
      for (const userId of ['alice', 'bob']) {
        const tab = await connected(userId);
        const [connection] = hub.manager({ userId }).connections;
        if (userId === 'alice') connection?.close('RESTARTING');
        tab.cut();
        expect(ended.splice(0)).toEqual([{ userId, connectionId: connection?.id }]);
      }
    } finally {
      unsubscribe('agent-events:connection-close', listener);
    }
  });

  it('is written to no more, whatever waits for the next tick', async () => {
    const { connected, clock, hub } = setUp();
    const tab = await connected('alice');
    const { writes } = tab;
    tab.say({ type: 'ping', id: 'p' });
    await hub.manager({ userId: 'alice' }).emit(message('a'));
    tab.cut();
    await clock.settle();
    expect(tab.writes).toBe(writes);
  });

  it('is sent before the close what waits for the next tick', async () => {
    const { connected, hub } = setUp();
    const tab = await connected('alice');
    tab.say({ type: 'ping', id: 'p' });
    hub.manager({ userId: 'alice' }).connections[0]?.close('RESTARTING');
    expect(framesOf(tab, 'pong')).toHaveLength(1);
  });
});

describe('what is still to be sent to a connection', () => {
  it('is text that waits to be joined, too', async () => {
    const { connected, clock, hub } = setUp();
    const tab = await connected('alice');
    const run = await hub.manager({ userId: 'alice' }).startRun({ agentName: 'a' });
    await clock.settle();
    expect(tab.session.behind).toBe(false);
    await run.think('hm');
    expect(tab.session.behind).toBe(true);
    await clock.advance(25);
    expect(tab.session.behind).toBe(false);
  });
});
