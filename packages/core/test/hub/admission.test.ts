import { describe, expect, it } from 'vitest';
import { setUp } from '../support/world.ts';

const alice = { authentication: { userId: 'alice' } };

describe('sockets of all users', () => {
  it('one over the limit is refused, and taken when another has gone', async () => {
    const { hub, accept, connected } = setUp({ limits: { connections: 3 } });
    const first = await connected('alice');
    await connected('bob');
    accept(alice);
    expect(hub.refusalFor(alice)).toMatchObject({ code: 'TOO_MANY_CONNECTIONS' });
    // Nobody asked first: the socket is taken and closed at once.
    expect(accept(alice).closedWith).toMatchObject({ code: 1013 });
    first.cut();
    expect(hub.refusalFor(alice)).toBeUndefined();
    expect((await connected('carol')).closedWith).toBeUndefined();
  });
});

describe('sockets whose peers have not proved who they are', () => {
  const authenticate = async (token: string) => ({ userId: token });

  it('one over the limit is refused, those with a credential are not', () => {
    const { hub, accept } = setUp({ limits: { unauthenticated: 2 } });
    accept({ authenticate });
    accept({ authenticate });
    expect(hub.stats()).toMatchObject({ connections: 2, unauthenticated: 2 });
    expect(hub.refusalFor({})).toMatchObject({ code: 'TOO_MANY_CONNECTIONS' });
    expect(hub.refusalFor(alice)).toBeUndefined();
    expect(accept({ authenticate }).closedWith).toMatchObject({ code: 1013 });
  });

  it('count no longer once the token of hello was found good, nor once they have gone', async () => {
    const { hub, clock, accept } = setUp({ limits: { unauthenticated: 2 } });
    const [one, two] = [accept({ authenticate }), accept({ authenticate })];
    one.say({ type: 'hello', token: 'alice' });
    await clock.settle();
    expect(hub.stats()).toMatchObject({ connections: 2, unauthenticated: 1 });
    two.cut();
    expect(hub.stats()).toMatchObject({ connections: 1, unauthenticated: 0 });
  });

  it('have a time limit', async () => {
    const { hub, clock, accept } = setUp({ tuning: { helloTimeoutMs: 500 } });
    const socket = accept({ authenticate });
    await clock.advance(1_000);
    expect(socket.closedWith).toMatchObject({ code: 4008 });
    expect(hub.stats()).toMatchObject({ connections: 0, unauthenticated: 0 });
  });

  it('a credential whose check hangs is under the same limit', async () => {
    const { hub, clock, accept } = setUp({ tuning: { helloTimeoutMs: 500 } });
    const socket = accept({ authenticate: async () => new Promise(() => undefined) });
    socket.say({ type: 'hello', token: 'alice' });
    await clock.advance(1_000);
    expect(socket.closedWith).toMatchObject({ code: 1013 });
    expect(hub.stats().unauthenticated).toBe(0);
  });
});
