import { describe, expect, it } from 'vitest';
import { MemoryEventLog, WebSocketError } from '../../src/index.ts';
import { LogDoor } from '../support/log-door.ts';
import { framesOf, outcome, setUp } from '../support/world.ts';

const ADDRESS = 'redis://10.0.0.7:6379';

function withFault(code: 'LOG_UNAVAILABLE' | 'LOG_CORRUPT') {
  const log = new LogDoor(new MemoryEventLog());
  const modes: string[] = [];
  const world = setUp({ log, onUserMessage: () => undefined, onModeChange: (_mode, reason) => modes.push(reason) });
  return { ...world, log, modes, fault: new WebSocketError(code, `the event log ${ADDRESS} is unavailable`) };
}

describe('what is wrong with the log', () => {
  it('is told to the operator, and to clients only that it is', async () => {
    const { connected, clock, log, modes, fault, hub } = withFault('LOG_UNAVAILABLE');
    const tab = await connected('alice');
    log.appendFault = fault;
    const started = { type: 'agent_started', run_id: 'r', payload: { agent_name: 'a' } } as const;
    const pending = outcome(hub.manager({ userId: 'alice' }).emit(started));
    await clock.advance(1_000);
    expect(modes[0]).toContain(ADDRESS);
    expect(framesOf(tab, 'mode_changed')[0]).toMatchObject({ mode: 'degraded' });
    expect(tab.messages.join()).not.toContain(ADDRESS);
    await hub.close();
    expect(await pending).toBe('LOG_CLOSED');
  });

  it('is not told with the answer to a frame, nor with the refusal of a connection', async () => {
    const { connected, connect, clock, log, fault } = withFault('LOG_CORRUPT');
    const tab = await connected('alice');
    log.appendFault = fault;
    tab.say({ type: 'user_message', message_id: 'm1', payload: { text: 'hi' } });
    await clock.settle();
    expect(tab.frames.at(-1)).toMatchObject({ type: 'error', code: 'LOG_CORRUPT', ref: 'm1' });
    log.delay = () => Promise.reject(fault);
    const refused = connect('bob');
    await clock.settle();
    expect(refused.frames).toMatchObject([{ type: 'error', code: 'LOG_CORRUPT', fatal: true }]);
    expect([...tab.messages, ...refused.messages].join()).not.toContain(ADDRESS);
  });
});
