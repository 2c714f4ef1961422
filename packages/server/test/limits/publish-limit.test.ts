import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { FakeClock } from '@ws/core/testing';
import { describe, expect, it } from 'vitest';
import { PublishLimit } from '../../src/limits/publish-limit.ts';
import { Turns } from '../../src/limits/turns.ts';

const LARGE = 100_000;

function setUp() {
  const clock = new FakeClock();
  const refused: string[] = [];
  const limit = new PublishLimit({
    eventsPerSecond: 1_000,
    bytesPerSecond: 1e9,
    maxBodyBytes: 1_000_000,
    isStrained: () => false,
    turns: new Turns(clock),
    onRefused: (what) => void refused.push(what),
  });
  const begin = () => {
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    return { response, bodyIsHere: limit.begin({ keyId: 'k', length: LARGE, response }) };
  };
  return { clock, refused, begin };
}

/** As Node does when the connection of an answer is gone. */
function leave(response: ServerResponse): void {
  response.destroy();
  response.emit('close');
}

describe('large publishes of a key', () => {
  it('do not pile up where clients leave while their bodies wait for the turn', async () => {
    const { clock, refused, begin } = setUp();
    await begin().bodyIsHere(LARGE);
    const outcomes: Promise<unknown>[] = [];
    for (let n = 0; n < 16; n += 1) {
      const { response, bodyIsHere } = begin();
      outcomes.push(bodyIsHere(LARGE).catch((error: unknown) => error));
      leave(response);
    }
    await clock.settle();
    expect(begin).toThrow('16 large requests under way');
    expect(refused).toEqual(['large_publishes']);
    // The first turn ends by itself; those who left take none of the time of others.
    await clock.advance(100);
    const left = 'the client left before its events were read';
    expect((await Promise.all(outcomes)).map(String)).toEqual(Array(16).fill(expect.stringContaining(left)));
    expect(begin).not.toThrow();
  });
});
