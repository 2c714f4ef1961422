import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Places } from '../../src/limits/places.ts';

const NAME = 'user u1';
const MAX_WAITING = 2;

function request() {
  const socket = new Socket();
  const response = new ServerResponse(new IncomingMessage(socket));
  return {
    response,
    /** Its connection is gone, as Node says it: also of an answer that waits behind another one. */
    leave: () => {
      socket.destroy();
      socket.emit('close');
    },
    /** Its answer was taken. */
    finish: () => response.emit('close'),
  };
}

/** Places of which the only one is taken, and requests that ask for it. */
function setUp() {
  const places = new Places(1);
  const first = request();
  expect(places.take(NAME, first.response)).toBe(true);
  const outcomes: string[] = [];
  const wait = (name: string) => {
    const waiter = request();
    void places.wait(NAME, waiter.response, MAX_WAITING).then((has) => outcomes.push(`${name} ${has ? 'in' : 'out'}`));
    return waiter;
  };
  const settle = async (): Promise<readonly string[]> => {
    await new Promise(setImmediate);
    return outcomes;
  };
  return { places, first, wait, settle };
}

describe('a request that waits for a place', () => {
  it('gets the one that becomes free, in order', async () => {
    const { places, first, wait, settle } = setUp();
    const a = wait('a');
    wait('b');
    first.finish();
    expect(await settle()).toEqual(['a in']);
    a.finish();
    expect(await settle()).toEqual(['a in', 'b in']);
    expect(places.take(NAME, request().response)).toBe(false);
  });

  it('leaves the line at once when its connection is gone, and others have room', async () => {
    const { first, wait, settle } = setUp();
    const a = wait('a');
    wait('b');
    wait('c');
    expect(await settle()).toEqual(['c out']);
    a.leave();
    expect(await settle()).toEqual(['c out', 'a out']);
    wait('d');
    first.finish();
    expect(await settle()).toEqual(['c out', 'a out', 'b in']);
  });

  it('gives the place back that it got, once', async () => {
    const { places, first, wait, settle } = setUp();
    const a = wait('a');
    first.finish();
    a.leave();
    a.finish();
    expect(await settle()).toEqual(['a in']);
    expect(places.take(NAME, request().response)).toBe(true);
    expect(places.take(NAME, request().response)).toBe(false);
  });

  it('does not wait with a connection that is gone already', async () => {
    const { places, first } = setUp();
    const gone = request();
    gone.leave();
    expect(await places.wait(NAME, gone.response, MAX_WAITING)).toBe(false);
    first.finish();
    expect(places.take(NAME, request().response)).toBe(true);
  });
});
