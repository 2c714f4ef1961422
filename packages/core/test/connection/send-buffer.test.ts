import { describe, expect, it } from 'vitest';
import { Frame, FrameGroup } from '../../src/stream/frame.ts';
import { messageForm, SendBuffer } from '../../src/connection/send-buffer.ts';

const group = (...texts: readonly string[]): FrameGroup => new FrameGroup(texts.map((text) => new Frame(text)));

const form = (batch: boolean) => messageForm({ batch }, 25_000);

function sendBufferOf(budgetBytes: number, batch = false) {
  const sent: string[][] = [];
  const socket = {
    bufferedBytes: 0,
    send: (groups: readonly FrameGroup[]) =>
      void sent.push(groups.flatMap(({ frames }) => frames.map(({ text }) => text))),
    ping: () => undefined,
    close: () => undefined,
    terminate: () => undefined,
  };
  return { sendBuffer: new SendBuffer(socket, budgetBytes, form(batch)), socket, sent };
}

describe('an sendBuffer', () => {
  it('writes what was pushed once, all at once, and says whether it got through', () => {
    const { sendBuffer, socket, sent } = sendBufferOf(1_000);
    expect([sendBuffer.empty, sendBuffer.flush(), sent]).toEqual([true, false, []]);
    sendBuffer.push(group('a', 'b'));
    sendBuffer.push(group('c'));
    expect([sendBuffer.empty, sendBuffer.flush(), sendBuffer.empty]).toEqual([false, true, true]);
    socket.bufferedBytes = 1;
    sendBuffer.push(group('d'));
    expect([sendBuffer.flush(), sent]).toEqual([false, [['a', 'b', 'c'], ['d']]]);
  });

  it.each<[string, FrameGroup[], string[]]>([
    ['one frame as it is', [group('1')], ['1']],
    ['the frames of a group as one message', [group('1', '2')], ['[1,2]']],
    ['the frames of several groups as one message', [group('1', '2'), group('3')], ['[1,2,3]']],
  ])('sends %s to a client that takes batches', (_what, groups, expected) => {
    const { sendBuffer, sent } = sendBufferOf(1_000, true);
    for (const each of groups) sendBuffer.push(each);
    sendBuffer.flush();
    expect(sent).toEqual([expected]);
  });

  it('makes the batch of a group that connections share once', () => {
    const shared = group('1', '2');
    const sent = [1, 2].map(() => {
      const groups: FrameGroup[] = [];
      const { socket } = sendBufferOf(1_000, true);
      const sendBuffer = new SendBuffer({ ...socket, send: (them) => void groups.push(...them) }, 1_000, form(true));
      sendBuffer.push(shared);
      sendBuffer.flush();
      return groups[0];
    });
    expect(sent[0]).toBe(sent[1]);
  });
});

describe('the room of an sendBuffer', () => {
  it('is the budget without what the socket holds', () => {
    const { sendBuffer, socket } = sendBufferOf(1_000);
    expect(sendBuffer.roomBytes).toBe(1_000);
    socket.bufferedBytes = 1_000;
    expect(sendBuffer.roomBytes).toBe(0);
    socket.bufferedBytes = 1_300;
    expect(sendBuffer.roomBytes).toBe(-300);
  });

  it('is never said to be more than it is, and to the byte when it gets tight', () => {
    const { sendBuffer } = sendBufferOf(1_000);
    sendBuffer.push(group('x'.repeat(100)));
    expect(sendBuffer.roomBytes).toBeLessThanOrEqual(900);
    expect(sendBuffer.roomBytes).toBeGreaterThanOrEqual(500);
    sendBuffer.push(group('x'.repeat(100)));
    expect(sendBuffer.roomBytes).toBe(800);
    sendBuffer.push(group('漢'.repeat(100), 'é'.repeat(100)));
    expect(sendBuffer.roomBytes).toBe(300);
    sendBuffer.push(group('漢'.repeat(100)));
    expect(sendBuffer.roomBytes).toBe(0);
    sendBuffer.flush();
    expect(sendBuffer.roomBytes).toBe(1_000);
  });
});

describe('answers in an sendBuffer', () => {
  const overrunBy = (budget: number, buffered: number, ...texts: readonly string[]): boolean => {
    const { sendBuffer, socket } = sendBufferOf(budget);
    for (const text of texts) sendBuffer.pushControl(group(text));
    socket.bufferedBytes = buffered;
    return sendBuffer.overrun;
  };

  it('are too many when they take more than the budget, in bytes, and the peer does not read', () => {
    expect(overrunBy(10, 1, 'x'.repeat(10))).toBe(false);
    expect(overrunBy(10, 1, 'x'.repeat(10), 'x')).toBe(true);
    expect(overrunBy(10, 1, '漢'.repeat(4))).toBe(true);
    expect(overrunBy(10, 0, 'x'.repeat(11))).toBe(false);
  });

  it('count from when the socket last was empty, and events do not', () => {
    const { sendBuffer, socket } = sendBufferOf(10);
    socket.bufferedBytes = 1;
    sendBuffer.push(group('x'.repeat(50)));
    expect(sendBuffer.overrun).toBe(false);
    sendBuffer.pushControl(group('x'.repeat(8)));
    sendBuffer.drained();
    sendBuffer.pushControl(group('x'.repeat(8)));
    expect(sendBuffer.overrun).toBe(false);
  });
});
