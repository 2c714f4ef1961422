import { describe, expect, it } from 'vitest';
import { Frame, FrameGroup } from '../../src/connection/frame.ts';
import { messageForm, Outbox } from '../../src/connection/outbox.ts';

const group = (...texts: readonly string[]): FrameGroup => new FrameGroup(texts.map((text) => new Frame(text)));

const form = (batch: boolean) => messageForm({ batch }, 25_000);

function outboxOf(budgetBytes: number, batch = false) {
  const sent: string[][] = [];
  const socket = {
    bufferedBytes: 0,
    send: (groups: readonly FrameGroup[]) =>
      void sent.push(groups.flatMap(({ frames }) => frames.map(({ text }) => text))),
    ping: () => undefined,
    close: () => undefined,
    terminate: () => undefined,
  };
  return { outbox: new Outbox(socket, budgetBytes, form(batch)), socket, sent };
}

describe('an outbox', () => {
  it('writes what was pushed once, all at once, and says whether it got through', () => {
    const { outbox, socket, sent } = outboxOf(1_000);
    expect([outbox.empty, outbox.flush(), sent]).toEqual([true, false, []]);
    outbox.push(group('a', 'b'));
    outbox.push(group('c'));
    expect([outbox.empty, outbox.flush(), outbox.empty]).toEqual([false, true, true]);
    socket.bufferedBytes = 1;
    outbox.push(group('d'));
    expect([outbox.flush(), sent]).toEqual([false, [['a', 'b', 'c'], ['d']]]);
  });

  it.each<[string, FrameGroup[], string[]]>([
    ['one frame as it is', [group('1')], ['1']],
    ['the frames of a group as one message', [group('1', '2')], ['[1,2]']],
    ['the frames of several groups as one message', [group('1', '2'), group('3')], ['[1,2,3]']],
  ])('sends %s to a client that takes batches', (_what, groups, expected) => {
    const { outbox, sent } = outboxOf(1_000, true);
    for (const each of groups) outbox.push(each);
    outbox.flush();
    expect(sent).toEqual([expected]);
  });

  it('makes the batch of a group that connections share once', () => {
    const shared = group('1', '2');
    const sent = [1, 2].map(() => {
      const groups: FrameGroup[] = [];
      const { socket } = outboxOf(1_000, true);
      const outbox = new Outbox({ ...socket, send: (them) => void groups.push(...them) }, 1_000, form(true));
      outbox.push(shared);
      outbox.flush();
      return groups[0];
    });
    expect(sent[0]).toBe(sent[1]);
  });
});

describe('the room of an outbox', () => {
  it('is the budget without what the socket holds', () => {
    const { outbox, socket } = outboxOf(1_000);
    expect(outbox.roomBytes).toBe(1_000);
    socket.bufferedBytes = 1_000;
    expect(outbox.roomBytes).toBe(0);
    socket.bufferedBytes = 1_300;
    expect(outbox.roomBytes).toBe(-300);
  });

  it('is never said to be more than it is, and to the byte when it gets tight', () => {
    const { outbox } = outboxOf(1_000);
    outbox.push(group('x'.repeat(100)));
    expect(outbox.roomBytes).toBeLessThanOrEqual(900);
    expect(outbox.roomBytes).toBeGreaterThanOrEqual(500);
    outbox.push(group('x'.repeat(100)));
    expect(outbox.roomBytes).toBe(800);
    outbox.push(group('漢'.repeat(100), 'é'.repeat(100)));
    expect(outbox.roomBytes).toBe(300);
    outbox.push(group('漢'.repeat(100)));
    expect(outbox.roomBytes).toBe(0);
    outbox.flush();
    expect(outbox.roomBytes).toBe(1_000);
  });
});

describe('answers in an outbox', () => {
  const overrunBy = (budget: number, buffered: number, ...texts: readonly string[]): boolean => {
    const { outbox, socket } = outboxOf(budget);
    for (const text of texts) outbox.pushControl(group(text));
    socket.bufferedBytes = buffered;
    return outbox.overrun;
  };

  it('are too many when they take more than the budget, in bytes, and the peer does not read', () => {
    expect(overrunBy(10, 1, 'x'.repeat(10))).toBe(false);
    expect(overrunBy(10, 1, 'x'.repeat(10), 'x')).toBe(true);
    expect(overrunBy(10, 1, '漢'.repeat(4))).toBe(true);
    expect(overrunBy(10, 0, 'x'.repeat(11))).toBe(false);
  });

  it('count from when the socket last was empty, and events do not', () => {
    const { outbox, socket } = outboxOf(10);
    socket.bufferedBytes = 1;
    outbox.push(group('x'.repeat(50)));
    expect(outbox.overrun).toBe(false);
    outbox.pushControl(group('x'.repeat(8)));
    outbox.drained();
    outbox.pushControl(group('x'.repeat(8)));
    expect(outbox.overrun).toBe(false);
  });
});
