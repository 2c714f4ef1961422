import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import type { DiagnosticMessages } from '../../src/observe.ts';
import type { EventInput } from '@ws/types';
import { framesOf, setUp } from '../support/world.ts';

const OWN = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const OTHER = '00-11111111111111111111111111111111-2222222222222222-00';
const message: EventInput = { type: 'user_message', payload: { message_id: 'm1', text: 'Hello' } };

describe('the trace context of an event', () => {
  it('is asked for where the event brings none, and reaches the client and the history', async () => {
    let current: string | undefined = OWN;
    const world = setUp({ traceparent: () => current });
    const tab = await world.connected('alice');
    const manager = world.hub.manager({ userId: 'alice' });
    await manager.emit(message);
    await manager.emit({ ...message, traceparent: OTHER });
    current = undefined;
    await manager.emit(message);
    await world.clock.settle();
    const seen = framesOf(tab, 'user_message').map(({ traceparent }) => traceparent);
    expect(seen).toEqual([OWN, OTHER, undefined]);
    const { events } = await manager.history();
    expect(events.map(({ traceparent }) => traceparent)).toEqual(seen);
  });

  it.each(['', 'nonsense', `${OWN}"`, OWN.toUpperCase()])('that is none (%j) is passed over', async (wrong) => {
    const world = setUp({ traceparent: () => wrong });
    const tab = await world.connected('alice');
    await world.hub.manager({ userId: 'alice' }).emit(message);
    await world.clock.settle();
    expect(framesOf(tab, 'user_message')[0]).not.toHaveProperty('traceparent');
  });

  it('tracers are told which events were written, and to how many connections', async () => {
    const told: DiagnosticMessages['agent-events:delivery'][] = [];
    const listener = (one: unknown): void => void told.push(one as (typeof told)[number]);
    subscribe('agent-events:delivery', listener);
    try {
      const world = setUp({ traceparent: () => OWN });
      await world.connected('alice');
      await world.connected('alice');
      await world.hub.manager({ userId: 'alice' }).emitAll([message, message]);
      await world.hub.manager({ userId: 'bob' }).emit(message);
      await world.clock.settle();
      expect(told).toHaveLength(1);
      expect(told[0]).toMatchObject({ userId: 'alice', connections: 2, events: [{ offset: 1 }, { offset: 2 }] });
    } finally {
      unsubscribe('agent-events:delivery', listener);
    }
  });
});
