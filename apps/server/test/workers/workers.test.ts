import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { note } from '../support/events.ts';
import { call, mustPublish, ticketFor, tokenFor } from '../support/http.ts';
import { Peer } from '../support/peer.ts';
import { ServerProcess } from '../support/server-process.ts';
import { makeTempFolder, type TempFolder } from '../support/temp-folder.ts';

let folder: TempFolder;
beforeAll(() => {
  folder = makeTempFolder();
});
afterAll(() => folder[Symbol.dispose]());

function childrenOf(pid: number): readonly number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  if (existsSync(path)) return readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number);
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return rows.flatMap((row) => {
    const [child = 0, parent = 0] = row.trim().split(/\s+/).map(Number);
    return parent === pid ? [child] : [];
  });
}

/** The metrics without labels. */
async function metricsOf(url: string): Promise<Readonly<Record<string, number>>> {
  const { status, text } = await call(`${url}/metrics`);
  expect(status).toBe(200);
  const plain = [...text.matchAll(/^(\w+) (\S+)$/gm)];
  return Object.fromEntries(plain.map(([, name = '', value]) => [name, Number(value)]));
}

describe('WS_WORKERS', { timeout: 60_000 }, () => {
  it('refuses a log that processes do not share', async () => {
    const server = new ServerProcess({ cwd: folder.path, env: { WS_WORKERS: '2' } });
    expect((await server.ended()).code).toBe(1);
    expect(server.stderr).toMatch(/^Cannot start: WS_WORKERS above 1 needs a log that processes share/);
  });

  it('tells the fault of a worker once for each, and ends', async () => {
    const env = { WS_WORKERS: '2', WS_LOG_URL: `sqlite:${folder.path}`, WS_LOG_LEVEL: 'silent' };
    const server = new ServerProcess({ cwd: folder.path, env });
    expect((await server.ended()).code).toBe(1);
    expect(server.stderr).toMatch(/^Cannot start: /);
  });

  it('shares port and log: a user’s tabs are on several processes, one crashes and is replaced, all drain', async () => {
    const env = { WS_WORKERS: '2', WS_LOG_URL: 'sqlite:./events.db', WS_LOG_LEVEL: 'silent' };
    await using server = await ServerProcess.start({ cwd: folder.path, env });
    const workers = childrenOf(server.pid);
    expect(workers).toHaveLength(2);
    const token = await tokenFor(server.url, 'alice');
    // Connections are dealt out in turn, so that both have some.
    const peers = await Promise.all(Array.from({ length: 6 }, () => Peer.ready(server.url, { token })));
    await mustPublish(server.url, 'alice', [note(1), note(2)]);
    for (const peer of peers) await peer.frame(({ offset }) => offset === 2);

    // Whoever issued a ticket, whoever is asked takes it.
    for (let round = 0; round < 4; round += 1) {
      const ticket = await ticketFor(server.url, 'alice');
      await (await Peer.ready(server.url, { query: `?ticket=${ticket}` })).close();
    }

    // Whoever is asked answers for all.
    for (let round = 0; round < 4; round += 1) {
      expect(await metricsOf(server.url)).toMatchObject({
        ws_connections: 6,
        ws_events_appended_total: 2,
        ws_draining: 0,
      });
    }
    const opened = (await metricsOf(server.url))['ws_connections_opened_total'] ?? 0;
    expect(opened).toBe(10);

    process.kill(workers[0] ?? 0, 'SIGKILL');
    const isCut = ({ closed }: Peer): boolean => closed !== undefined;
    await expect.poll(() => peers.filter(isCut).length, { timeout: 10_000 }).toBeGreaterThan(0);
    const left = peers.filter((peer) => !isCut(peer));
    expect(left.length).toBeGreaterThan(0);
    await mustPublish(server.url, 'alice', [note(3)]);
    for (const peer of left) await peer.frame(({ offset }) => offset === 3);
    await expect.poll(() => childrenOf(server.pid).length, { timeout: 20_000 }).toBe(2);
    // What is open went with it, what it counted did not.
    expect(await metricsOf(server.url)).toMatchObject({
      ws_connections: left.length,
      ws_connections_opened_total: opened,
      ws_events_appended_total: 3,
    });

    server.kill('SIGTERM');
    const closes = await Promise.all(left.map((peer) => peer.ended()));
    expect(closes.map(({ code }) => code)).toEqual(left.map(() => 1012));
    expect(await server.ended()).toEqual({ code: 0, signal: null });
  });
});
