import { createServer } from 'node:net';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawSocket } from './attacks/support/raw-socket.ts';
import { mustPublish, tokenFor } from './support/http.ts';
import { note, started } from './support/events.ts';
import { Peer } from './support/peer.ts';
import { ServerProcess } from './support/server-process.ts';
import { makeTempFolder, type TempFolder } from './support/temp-folder.ts';

let folder: TempFolder;
beforeAll(() => {
  folder = makeTempFolder();
});
afterAll(() => folder[Symbol.dispose]());

type Environment = Readonly<Record<string, string>>;

const GOOD_SECRET = '0123456789abcdef0123456789abcdef';

async function runToEnd(
  env: Environment,
  args: readonly string[] = [],
): Promise<ServerProcess & { code: number | null }> {
  const server = new ServerProcess({ cwd: folder.path, env, args });
  const { code } = await server.ended();
  return Object.assign(server, { code });
}

describe('a start that cannot be says why in a sentence', { timeout: 30_000 }, () => {
  it('a wrong setting', async () => {
    const { code, stderr, stdout } = await runToEnd({ WS_PORT: 'http' });
    expect({ code, stderr, stdout }).toEqual({
      code: 1,
      stderr: 'Cannot start: WS_PORT must be a port number from 0 to 65535\n',
      stdout: '',
    });
  });

  it('production without a secret', async () => {
    const { code, stderr } = await runToEnd({ WS_DEVELOPMENT: '', NODE_ENV: 'production' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot start: WS_JWT_SECRET .* and WS_API_KEY .* must be set with NODE_ENV=production\n$/);
  });

  it('no settings at all: what to set', async () => {
    const { code, stderr } = await runToEnd({ WS_DEVELOPMENT: '' });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'Cannot start: WS_JWT_SECRET (or WS_JWT_SECRET_FILE or WS_JWKS_URL) and WS_API_KEY (or WS_API_KEYS_FILE) must be set ' +
        'outside of development mode; to try it on this machine alone, set WS_DEVELOPMENT=on\n',
    });
  });

  it('development mode beside secrets', async () => {
    const { code, stderr } = await runToEnd({ WS_JWT_SECRET: GOOD_SECRET, WS_API_KEY: GOOD_SECRET });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Cannot start: WS_DEVELOPMENT=on .* combined with WS_JWT_SECRET or WS_API_KEY: unset .*\n$/,
    );
  });

  it('production with an API key that can be guessed', async () => {
    const env = { WS_DEVELOPMENT: 'off', NODE_ENV: 'production', WS_JWT_SECRET: GOOD_SECRET, WS_API_KEY: 'hunter2' };
    const { code, stderr } = await runToEnd(env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot start: WS_API_KEY must have at least 32 random characters .* only 7 characters\n$/);
  });

  it('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await runToEnd({ WS_PORT: String(port) });
    other.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^Cannot start: port ${port} .* \\(WS_PORT\\)\\n$`));
  });

  it('an address of another machine', async () => {
    const env = { WS_DEVELOPMENT: 'off', WS_HOST: '192.0.2.1', WS_JWT_SECRET: GOOD_SECRET, WS_API_KEY: GOOD_SECRET };
    const { code, stderr } = await runToEnd(env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot start: 192\.0\.2\.1 \(WS_HOST\) .*\n$/);
  });

  it('a log that is no log', async () => {
    const path = join(folder.path, 'poem.txt');
    writeFileSync(path, 'roses are red\n'.repeat(100));
    const { code, stderr } = await runToEnd({ WS_LOG_URL: `sqlite:${path}` });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot start: .*poem\.txt.*\n$/);
  });

  it('a folder for the log that is a file', async () => {
    const path = join(folder.path, 'file');
    writeFileSync(path, '');
    const { code, stderr } = await runToEnd({ WS_LOG_URL: `sqlite:${path}/events.db` });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot start: .*\n$/);
  });

  it('an argument nobody knows', async () => {
    const { code, stderr } = await runToEnd({}, ['--prot', '80']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot start: .*--prot/);
    expect(stderr).toContain('Usage:');
  });

  it('--help prints the usage and starts nothing', async () => {
    const { code, stdout, stderr } = await runToEnd({ WS_PORT: 'bad' }, ['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: /);
  });
});

describe('the end', { timeout: 30_000 }, () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s: clients are told, closed with 1012, exit 0 within 3 s',
    async (signal) => {
      await using server = await ServerProcess.start({ cwd: folder.path });
      const token = await tokenFor(server.url, 'alice');
      const peers = await Promise.all(Array.from({ length: 5 }, () => Peer.ready(server.url, { token })));
      // One that has not said hello, and one HTTP connection that is kept alive.
      const silent = await Peer.open(server.url, { hello: null });
      await mustPublish(server.url, 'alice', [started('r1')]);
      const before = performance.now();
      server.kill(signal);
      const closes = await Promise.all([...peers, silent].map((peer) => peer.ended()));
      expect(closes.map(({ code }) => code)).toEqual(Array.from({ length: 6 }, () => 1012));
      for (const peer of peers) {
        const draining = await peer.frame('server_draining');
        expect(draining['reconnect_after_ms']).toBeGreaterThanOrEqual(0);
        // What was published before is delivered before the close.
        expect(peer.events.map(({ type }) => type)).toEqual(['agent_started']);
      }
      expect(await server.ended()).toEqual({ code: 0, signal: null });
      expect(performance.now() - before).toBeLessThan(3_000);
      // One line says that this is development mode, and nothing else was worth a word.
      expect(server.stderr).toMatch(/^development mode .*\n$/);
    },
  );

  it('a client that does not answer the close does not hold it up', async () => {
    await using server = await ServerProcess.start({ cwd: folder.path });
    const peer = await Peer.ready(server.url, { token: await tokenFor(server.url, 'alice') });
    freeze(peer);
    const before = performance.now();
    server.kill('SIGTERM');
    expect(await server.ended(20_000)).toEqual({ code: 0, signal: null });
    expect(performance.now() - before).toBeLessThan(5_000);
    peer.socket.terminate();
  });

  it('a client that does not read holds it up until the second signal', async () => {
    await using server = await ServerProcess.start({ cwd: folder.path });
    const peer = await Peer.ready(server.url, { token: await tokenFor(server.url, 'alice') });
    freeze(peer);
    // More than the buffers of both kernels take.
    for (let n = 0; n < 16; n += 1) {
      await mustPublish(server.url, 'alice', [{ ...note(n), payload: { pad: 'x'.repeat(900_000) } }]);
    }
    server.kill('SIGINT');
    await expect(server.ended(1_000)).rejects.toThrow('not within');
    const before = performance.now();
    server.kill('SIGINT');
    expect(await server.ended()).toEqual({ code: 0, signal: null });
    expect(performance.now() - before).toBeLessThan(3_000);
    peer.socket.terminate();
  });

  it('requests under way are answered: one whose body still comes, one whose answer is still taken', async () => {
    const page = join(folder.path, 'inspector');
    mkdirSync(page, { recursive: true });
    const large = 'x'.repeat(16_000_000);
    writeFileSync(join(page, 'large.js'), large);
    await using server = await ServerProcess.start({ cwd: folder.path, env: { WS_INSPECTOR_FOLDER: page } });
    using publisher = await RawSocket.connect(server.url);
    const body = JSON.stringify({ events: [note(1)] });
    publisher.lines(
      'POST /v1/users/alice/events HTTP/1.1',
      'Host: localhost',
      'X-API-Key: dev-key',
      'Content-Type: application/json',
    );
    publisher.lines(`Content-Length: ${body.length}`, '');
    publisher.write(body.slice(0, 10));
    using idle = await RawSocket.connect(server.url);
    idle.lines('GET /healthz HTTP/1.1', 'Host: localhost', '');
    await idle.until(() => idle.statuses.length === 1, 'an answer');
    const answer = await fetch(`${server.url}/inspector/large.js`);
    server.kill('SIGTERM');
    await idle.cutOff();
    publisher.write(body.slice(10));
    expect(await publisher.cutOff()).toContain('"code":"DRAINING"');
    expect(publisher.statuses).toEqual([503]);
    expect((await answer.text()).length).toBe(large.length);
    expect(await server.ended()).toEqual({ code: 0, signal: null });
  });

  it('leaves the log closed: no journal stays beside the file', async () => {
    const data = join(folder.path, 'data');
    await using server = await ServerProcess.start({
      cwd: folder.path,
      env: { WS_LOG_URL: 'sqlite:./data/events.db' },
    });
    expect(existsSync(join(data, 'events.db'))).toBe(true);
    await mustPublish(server.url, 'alice', [note(1)]);
    server.kill('SIGTERM');
    expect((await server.ended()).code).toBe(0);
    expect(readdirSync(data).sort()).toEqual(['development-secret', 'events.db', 'events.db-mark']);
  });

  it('a restart keeps development tokens good', async () => {
    const env = { WS_LOG_URL: 'sqlite:./kept/events.db' };
    let token: string;
    {
      await using first = await ServerProcess.start({ cwd: folder.path, env });
      token = await tokenFor(first.url, 'alice');
    }
    await using second = await ServerProcess.start({ cwd: folder.path, env });
    const peer = await Peer.ready(second.url, { token });
    await peer.close();
  });
});

/** The peer's machine is asleep: nothing is read any more, nothing answered. */
function freeze(peer: Peer): void {
  peer.socket.pause();
}
