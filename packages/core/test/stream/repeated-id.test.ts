import { describe, expect, it } from 'vitest';
import type { EventInput, JsonObject } from '@ws/types';
import { MemoryEventLog } from '../../src/index.ts';
import { FakeClock } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';
import { setUp } from '../support/world.ts';

const invoice = (payload: JsonObject, more: Partial<EventInput> = {}) =>
  ({ type: 'invoice', event_id: 'e1', payload, ...more }) as unknown as EventInput;

function manager() {
  return setUp().hub.manager({ userId: 'alice' });
}

describe('an event_id that comes again', () => {
  it.each([
    ['the same keys in another order', invoice({ cents: 5, tags: ['a'] }), invoice({ tags: ['a'], cents: 5 })],
    ['a number written otherwise', invoice({ cents: 5 }), invoice({ cents: 5.0 })],
    [
      'a trace of its own',
      invoice({ cents: 5 }),
      invoice({ cents: 5 }, { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }),
    ],
    ['the thread of its run left out', invoice({}, { run_id: 'r1', thread_id: 't1' }), invoice({}, { run_id: 'r1' })],
  ])('with %s is the same event', async (_, first, second) => {
    const alice = manager();
    await alice.emit({ type: 'agent_started', run_id: 'r1', thread_id: 't1', payload: { agent_name: 'a' } });
    const { offset } = await alice.emit(first);
    expect(await alice.emit(second)).toMatchObject({ offset, duplicate: true });
  });

  it.each([
    ['payload', invoice({ cents: 6 })],
    ['payload', invoice({ cents: '5' })],
    ['type', { ...invoice({ cents: 5 }), type: 'receipt' } as unknown as EventInput],
    ['thread_id', invoice({ cents: 5 }, { thread_id: 't1' })],
    ['run_id', invoice({ cents: 5 }, { run_id: 'r1' })],
  ])('with another %s is refused, and names id and offset', async (field, second) => {
    const alice = manager();
    const { offset } = await alice.emit(invoice({ cents: 5 }));
    const refused = alice.emit(second);
    await expect(refused).rejects.toMatchObject({
      code: 'ID_CONFLICT',
      message: `event_id e1 stands for another event, at offset ${offset}: its ${field} differs. Use a new id for new content`,
      details: { event_id: 'e1', offset },
    });
    expect((await alice.history()).events).toHaveLength(1);
  });

  it('refuses its whole batch, and nothing of it is written', async () => {
    const alice = manager();
    await alice.emit(invoice({ cents: 5 }));
    const batch = [{ ...invoice({}), event_id: 'e2' }, invoice({ cents: 6 })];
    await expect(alice.emitAll(batch)).rejects.toMatchObject({
      code: 'ID_CONFLICT',
      message:
        'events[1]: event_id e1 stands for another event, at offset 1: its payload differs. Use a new id for new content',
    });
    expect((await alice.history()).events).toHaveLength(1);
  });

  it('is found in its own batch', async () => {
    const alice = manager();
    await expect(alice.emitAll([invoice({ cents: 5 }), invoice({ cents: 6 })])).rejects.toMatchObject({
      code: 'ID_CONFLICT',
    });
    const receipts = await alice.emitAll([invoice({ cents: 5 }), invoice({ cents: 5 })]);
    expect(receipts.map(({ offset }) => offset)).toEqual([1, 1]);
  });

  it('is found where both are on their way at once, here or in another process', async () => {
    const log = new MemoryEventLog();
    const clock = new FakeClock();
    const hubs = [setUp({ clock, log: new LogDoor(log) }).hub, setUp({ clock, log: new LogDoor(log) }).hub];
    const emitted = hubs.flatMap((hub, n) => [
      hub.manager({ userId: 'alice' }).emit(invoice({ hub: n })),
      hub.manager({ userId: 'alice' }).emit(invoice({ hub: n, again: true })),
    ]);
    const results = await Promise.allSettled(emitted);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'ID_CONFLICT' });
  });

  it('counts as the same where the log keeps the id and not the event', async () => {
    const memory = new MemoryEventLog();
    const door = new LogDoor(memory);
    const alice = setUp({ log: door }).hub.manager({ userId: 'alice' });
    const { offset, epoch } = await alice.emit(invoice({ cents: 5 }));
    door.read = () => ({ epoch, events: [] });
    expect(await alice.emit(invoice({ cents: 6 }))).toMatchObject({ offset, duplicate: true });
  });
});
