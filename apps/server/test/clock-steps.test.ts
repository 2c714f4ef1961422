import { expect, it } from 'vitest';
import { completed, started, thinking } from './support/events.ts';
import { call, mustPublish, tokenFor } from './support/http.ts';
import { Peer } from './support/peer.ts';
import { ServerProcess } from './support/server-process.ts';
import { makeTempFolder } from './support/temp-folder.ts';

const MINUTE = 60_000;

/** Loaded before the server: a signal sets its wall clock. */
function settableClock(stepMs: number): string {
  const source = `let ms = 0; const now = Date.now; Date.now = () => now() + ms; process.on('SIGUSR2', () => { ms = ${stepMs}; });`;
  return `--import=data:text/javascript,${encodeURIComponent(source)}`;
}

it.each([
  ['back ten minutes', -10 * MINUTE],
  ['forward an hour', 60 * MINUTE],
])('a service whose clock is set %s goes on, and says so', async (_name, stepMs) => {
  const env = {
    NODE_OPTIONS: settableClock(stepMs),
    WS_HEARTBEAT_MS: '400',
    WS_RUN_LEASE_MS: '1000',
    WS_PUBLISHER_LEASE_MS: '60000',
  };
  using folder = makeTempFolder();
  await using server = await ServerProcess.start({ cwd: folder.path, env });
  const token = await tokenFor(server.url, 'alice');
  const tab = await Peer.ready(server.url, { token });
  let pings = 0;
  tab.socket.on('ping', () => (pings += 1));
  await mustPublish(server.url, 'alice', [started('r1')]);
  server.kill('SIGUSR2');
  await expect.poll(() => server.stderr, { timeout: 4_000 }).toContain('the wall clock was set');

  // A peer that is gone is noticed, and one that answers is kept.
  const silent = await Peer.ready(server.url, {
    token: await tokenFor(server.url, 'bob'),
    socket: { autoPong: false },
  });
  expect((await silent.ended()).code).toBe(4008);
  await expect.poll(() => pings, { timeout: 4_000 }).toBeGreaterThan(3);
  expect(tab.closed).toBeUndefined();
  // Several sweeps of leases lie behind it.
  await mustPublish(server.url, 'alice', [thinking('r1', 'on'), completed('r1')]);
  await tab.until(() => tab.events.length === 3, 'the end of the run');

  const told = Number(/"stepMs":(-?\d+)/.exec(server.stderr)?.[1]);
  expect(Math.abs(told - stepMs)).toBeLessThan(100);
  const { text } = await call(`${server.url}/metrics`);
  expect(text).toContain('ws_clock_steps_total 1\n');
  expect(text).toContain('ws_runs_interrupted_total 0\n');
  expect((await call(`${server.url}/readyz`)).status).toBe(200);
  await tab.close();
});
