import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import { createHub } from '../../src/index.ts';
import { FakeClock, FakeSocket } from '../../src/testing.ts';

describe('diagnostics channels', () => {
  it('tell tracers of appends, connections and modes', async () => {
    const seen: [string, unknown][] = [];
    const listener = (message: unknown, name: string | symbol): void => void seen.push([String(name), message]);
    const names = ['append', 'connection-open', 'connection-close', 'mode'].map((name) => `agent-events:${name}`);
    for (const name of names) subscribe(name, listener);
    try {
      const clock = new FakeClock();
      const hub = createHub({ clock });
      const socket = FakeSocket.open((it) => hub.accept(it, { authentication: { userId: 'alice' } }));
      socket.say({ type: 'hello' });
      await clock.settle();
      await hub.manager({ userId: 'alice' }).startRun({ agentName: 'a' });
      hub.shedLoad(true, 'test');
      socket.cut();
      expect(seen.map(([name]) => name)).toEqual([
        'agent-events:connection-open',
        'agent-events:append',
        'agent-events:mode',
        'agent-events:connection-close',
      ]);
      expect(seen[1]?.[1]).toEqual({ userId: 'alice', events: 1, durationMs: 0 });
    } finally {
      for (const name of names) unsubscribe(name, listener);
    }
  });
});
