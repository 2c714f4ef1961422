import { describe, expect, it } from 'vitest';
import type { EventInput } from '@ws/types';
import { FakeSocket } from '../src/testing.ts';
import { framesOf, outcome, setUp } from './support/world.ts';

const message = (text: string): EventInput => ({ type: 'user_message', payload: { message_id: 'm', text } });

describe('a manager', () => {
  it('takes a socket of its user, and only of its thread where it is isolated', async () => {
    const { hub, clock } = setUp();
    const expiresAt = clock.now() + 3_600_000;
    const tab = FakeSocket.open((it) => hub.manager({ userId: 'alice' }).attach(it, { expiresAt }));
    const isolated = hub.manager({ userId: 'alice', mode: 'isolated', threadId: 't1' });
    const narrow = FakeSocket.open((it) => isolated.attach(it));
    for (const socket of [tab, narrow]) socket.say({ type: 'hello' });
    await clock.settle();
    expect(tab.frames[0]).toMatchObject({ user_id: 'alice', mode: 'unified', expires_at: expiresAt });
    expect(narrow.frames[0]).toMatchObject({ user_id: 'alice', mode: 'isolated' });
    expect(isolated.connections).toHaveLength(1);
    isolated.connections[0]?.close('NORMAL');
    expect(narrow.closedWith?.code).toBe(1000);
    expect([isolated.connections.length, tab.closedWith]).toEqual([0, undefined]);
  });

  it('reads the history in pages', async () => {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    await manager.emitAll(['a', 'b', 'c', 'd'].map(message));
    const page = await manager.history({ after: 1, limit: 2 });
    expect(page).toMatchObject({ oldestOffset: 1, headOffset: 4, events: [{ offset: 2 }, { offset: 3 }] });
    expect((await manager.history({ after: 4 })).events).toEqual([]);
    expect((await manager.history({ limit: 0 })).events).toHaveLength(1);
    expect((await hub.manager({ userId: 'bob' }).history()).events).toEqual([]);
  });

  it('names the event of a batch that was refused', async () => {
    const { hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    const batch = [message('a'), { type: 'user_message', payload: {} } as unknown as EventInput];
    await expect(manager.emitAll(batch)).rejects.toMatchObject({
      code: 'INVALID_EVENT',
      message: expect.stringContaining('events[1]: ') as string,
    });
    expect(hub.stats()).toMatchObject({ appended: 0, refused: 2 });
  });

  it('refuses an event that is too big, and goes on', async () => {
    const { hub } = setUp({ limits: { eventBytes: 500 } });
    const manager = hub.manager({ userId: 'alice' });
    expect(await outcome(manager.emit(message('x'.repeat(500))))).toBe('EVENT_TOO_BIG');
    expect(await outcome(manager.emit(message('x')))).toBe('ok');
  });

  it('that is isolated tells its clients so when trouble is over', async () => {
    const { hub, clock, connected } = setUp();
    const narrow = await connected('alice', {}, { isolatedThread: 't1' });
    const wide = await connected('alice');
    hub.shedLoad(true, 'drill');
    hub.shedLoad(false, 'over');
    await clock.settle();
    expect(framesOf(narrow, 'mode_changed').map(({ mode }) => mode)).toEqual(['emergency', 'isolated']);
    expect(framesOf(wide, 'mode_changed').map(({ mode }) => mode)).toEqual(['emergency', 'unified']);
  });
});
