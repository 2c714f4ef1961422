import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connected, setup } from './support/setup.ts';
import { settle } from './support/settle.ts';

describe('heartbeat', () => {
  it('asks after one silent interval and goes on when answered', async () => {
    const { client, server, clock } = await connected();
    await clock.advance(25_000);
    expect(server.connection.frames('ping')).toHaveLength(1);
    await clock.advance(250_000);
    expect(client.state.status).toBe('live');
    expect(server.connections).toHaveLength(1);
  });

  it('does not ask while events arrive', async () => {
    const { server, clock } = await connected();
    for (let turn = 0; turn < 10; turn += 1) {
      await clock.advance(20_000);
      server.emit('agent_thinking', { delta: 'x' });
    }
    expect(server.connection.frames('ping')).toHaveLength(0);
  });

  it('reconnects after two silent intervals, without waiting for the socket to close', async () => {
    const { client, server, clock, errors } = await connected();
    server.manners = 'silent';
    await clock.advance(49_999);
    expect(client.state.status).toBe('live');
    await clock.advance(1);
    expect(client.state.status).toBe('waiting');
    expect(server.connection.closedWith).toBe(4008);
    expect(errors.map(({ code }) => code)).toEqual(['HEARTBEAT_TIMEOUT']);
    server.manners = 'polite';
    await clock.advance(500);
    expect(client.state.status).toBe('live');
  });

  it('asks before it gives up, however late the timer of a throttled page fires', async () => {
    const { client, server, clock } = await connected();
    clock.sleep(200_000);
    await clock.advance(0);
    expect(server.connection.frames('ping')).toHaveLength(1);
    expect(client.state.status).toBe('live');
  });
});

describe.each([
  ['back', -3_600_000],
  ['forward', 3_600_000],
])('a clock that is set %s by an hour', (_, stepMs) => {
  it('changes nothing for a connection that is well', async () => {
    const { client, server, clock } = await connected();
    clock.step(stepMs);
    await clock.advance(250_000);
    expect([client.state.status, server.connections.length]).toEqual(['live', 1]);
    expect(server.connection.frames('ping')).toHaveLength(10);
  });

  it('hides no dead network: it is noticed after two silent intervals', async () => {
    const { client, server, clock } = await connected();
    server.manners = 'silent';
    await clock.advance(10_000);
    clock.step(stepMs);
    await clock.advance(39_999);
    expect(client.state.status).toBe('live');
    await clock.advance(1);
    expect(client.state.status).toBe('waiting');
  });

  it('does not change when a client comes back to a server that restarts, nor how long it waits', async () => {
    const { client, server, clock } = await connected({ backoff: { minMs: 20_000, restartMaxMs: 1_000 } });
    server.connection.send({ type: 'server_draining', reconnect_after_ms: 700 });
    clock.step(stepMs);
    await clock.advance(200);
    server.door = 'refuse';
    server.connection.close(1001);
    expect(client.state).toMatchObject({ status: 'waiting', retryInMs: 500 });
    await clock.advance(500);
    clock.step(stepMs);
    // Still expected back at any moment.
    expect(client.state).toMatchObject({ status: 'waiting', retryInMs: 500 });
    await clock.advance(14_000);
    expect(client.state).toMatchObject({ status: 'waiting', retryInMs: 500 });
  });
});

describe('the page', () => {
  function fakePage() {
    const page = new EventTarget();
    const shown = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
    vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
    vi.stubGlobal('document', shown);
    onTestFinished(() => void vi.unstubAllGlobals());
    return {
      online: () => page.dispatchEvent(new Event('online')),
      show: (visibilityState: string) => {
        shown.visibilityState = visibilityState;
        shown.dispatchEvent(new Event('visibilitychange'));
      },
    };
  }

  it.each(['online', 'shown'])('that is %s ends the wait', async (how) => {
    const page = fakePage();
    const { client, server } = await connected();
    server.connection.close(4029);
    if (how === 'online') page.online();
    else page.show('visible');
    await settle();
    expect(client.state.status).toBe('live');
  });

  it('that is shown again finds a dead connection within seconds', async () => {
    const page = fakePage();
    const { client, server, clock } = await connected();
    server.manners = 'silent';
    clock.sleep(10_000);
    page.show('visible');
    await clock.advance(5_000);
    expect(client.state.status).toBe('waiting');
  });

  it('that wakes up with its machine finds a dead connection within seconds, though no time has passed for it', async () => {
    const page = fakePage();
    const { client, server, clock } = await connected();
    server.manners = 'silent';
    clock.step(600_000);
    page.show('visible');
    await clock.advance(5_000);
    expect(client.state.status).toBe('waiting');
  });

  it('that is hidden saves what was processed', async () => {
    const page = fakePage();
    const saved: unknown[] = [];
    const { server } = await connected({ store: { load: () => null, save: (position) => void saved.push(position) } });
    server.emit('agent_thinking', { delta: 'x' });
    page.show('hidden');
    expect(saved).toEqual([{ epoch: 'e1', offset: 1, userId: 'u1' }]);
  });

  it('is not followed by a client that is closed or never connected', async () => {
    const page = fakePage();
    const closed = await connected();
    closed.client.close();
    const idle = setup();
    page.online();
    await settle();
    expect([closed.client.state.status, idle.client.state.status]).toEqual(['closed', 'idle']);
  });
});
