import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { hash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cli, serve, ws } from './support/cli.ts';

const SECRET = 'a secret for tests that nobody else knows';

describe('with a service that ws serve runs', { timeout: 60_000 }, () => {
  let cli: Cli;
  let url: string;
  let folder: string;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ws-cli-'));
    ({ cli, url } = await serve());
    env = { WS_URL: url };
  }, 60_000);
  afterAll(async () => {
    await cli[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('what publish sends, tail prints: as lines, as JSON, from the start and from a place', async () => {
    const args = ['--type', 'app.note', '--payload', '{"text":"one"}', '--thread', 't1', '--id', 'e1'];
    const first = await ws(['publish', '--user', 'alice', ...args], { env });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const [, epoch = ''] = /^(.+):1\n$/.exec(first.stdout) ?? [];
    expect(epoch).not.toBe('');
    // The same id is the same event.
    expect((await ws(['publish', '--user', 'alice', ...args], { env })).stdout).toBe(first.stdout);
    const file = join(folder, 'events.jsonl');
    const event = (text: string): string => JSON.stringify({ type: 'app.note', payload: { text } });
    writeFileSync(file, `${event('two')}\n\n${event('three')}\n`);
    expect((await ws(['publish', '--user', 'alice', '--file', file], { env })).stdout).toBe(`${epoch}:2\n${epoch}:3\n`);

    const [lines, json] = await Promise.all([
      ws(['tail', '--user', 'alice', '--from', 'earliest', '-n', '3'], { env }),
      ws(['tail', '--user', 'alice', '--from', `${epoch}:1`, '-n', '2', '--json'], { env }),
    ]);
    expect(lines.code).toBe(0);
    expect(lines.stdout.split('\n').map((line) => line.trim().split(/\s+/).at(-1))).toEqual([
      'one',
      'two',
      'three',
      '',
    ]);
    const events = json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ offset, payload }) => [offset, payload])).toEqual([
      [2, { text: 'two' }],
      [3, { text: 'three' }],
    ]);

    // What tail prints, publish takes: a stream is copied to another user.
    const copied = await ws(['publish', '--user', 'bob', '--file', '-'], { env, input: json.stdout });
    expect(copied.stdout.trim().split('\n')).toHaveLength(2);
  });

  it('tail follows what comes, filters, and ends with the signal', async () => {
    await using tail = new Cli(['tail', '--user', 'carol', '--from', 'earliest', '--type', 'app.wanted'], { env });
    await ws(['publish', '--user', 'carol', '--type', 'app.other'], { env });
    await ws(['publish', '--user', 'carol', '--type', 'app.wanted', '--payload', '{"text":"here"}'], { env });
    await tail.says(/app\.wanted .*here\n/);
    expect(tail.stdout).not.toContain('app.other');
    tail.kill('SIGINT');
    expect((await tail.ended).code).toBe(0);
  });

  it('tail waits for a service that is away, and says why once', async () => {
    const own = await serve();
    await own.cli[Symbol.asyncDispose]();
    const { port } = new URL(own.url);
    await using waiting = new Cli(['tail', '--user', 'dora', '--from', 'earliest', '-n', '1'], {
      env: { WS_URL: own.url },
    });
    await waiting.complains(/^not connected, trying again: http:\S+ does not answer: .*\n/);
    await using again = new Cli(['serve', '--development', '--port', port, '--log', 'memory:']);
    await again.says(/listening on/);
    await ws(['publish', '--user', 'dora', '--type', 'app.note'], { env: { WS_URL: own.url } });
    const { code, stdout, stderr } = await waiting.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('app.note');
    expect(new Set(stderr.trim().split('\n')).size).toBe(stderr.trim().split('\n').length);
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    ['tail', ['tail', '--user', 'alice']],
    ['load', ['load', '--seconds', '1']],
  ])('%s with a key that nobody knows is a sentence, and the end', async (_name, args) => {
    const { code, stdout, stderr } = await ws(args, { env: { ...env, WS_API_KEY: 'wrong' } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^\/v1\/tickets was refused with 401: .* \(CREDENTIAL_INVALID\)\n$/);
  });

  it('a refused event is a sentence with its code, and a line that is no event is named', async () => {
    const near = await ws(['publish', '--user', 'alice', '--type', 'agent_stared'], { env });
    expect(near.code).toBe(1);
    expect(near.stderr).toMatch(/did you mean agent_started\? \(UNKNOWN_EVENT_TYPE\)\n$/);
    const input = '{"type":"app.note","payload":{}}\nnonsense\n';
    const bad = await ws(['publish', '--user', 'alice', '--file', '-'], { env, input });
    expect(bad).toMatchObject({ code: 1, stderr: 'line 2 of -: It must be JSON.\n' });
    const key = await ws(['publish', '--user', 'alice', '--type', 'app.note'], {
      env: { ...env, WS_API_KEY: 'wrong' },
    });
    expect(key.code).toBe(1);
    expect(key.stderr).toMatch(/401.*\(CREDENTIAL_INVALID\)/);
    expect(key.stderr).not.toContain('wrong\n');
  });

  it('token gives one of development mode', async () => {
    const { code, stdout } = await ws(['token', '--user', 'alice'], { env });
    expect(code).toBe(0);
    const answer = await fetch(`${url}/v1/users/alice/events`, {
      headers: { authorization: `Bearer ${stdout.trim()}` },
    });
    expect(answer.status).toBe(200);
  });

  it('load counts what arrives, and shows a histogram', async () => {
    const args = ['load', '--users', '3', '--tabs', '2', '--rate', '50', '--seconds', '1'];
    const { code, stdout, stderr } = await ws(args, { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^6 connections of 3 users, 50 events in /);
    expect(stdout).toMatch(/\n100 received, 0 missing, 0 repeated\n/);
    expect(stdout).toMatch(/latency: p50 [\d.]+ ms, p90 [\d.]+ ms, p99 [\d.]+ ms, longest [\d.]+ ms/);
    const counts = [...stdout.matchAll(/█ +(\d+)\n/g)].map(([, count]) => Number(count));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100);
  });

  it('doctor finds nothing to mend', async () => {
    const { code, stdout } = await ws(['doctor'], {
      env: { ...env, WS_DEVELOPMENT: 'on', WS_LOG_URL: 'memory:', WS_PORT: '0' },
    });
    expect(stdout).toContain('✓ a WebSocket comes through');
    expect(stdout).toContain('✓ events of a stream come as they are sent');
    expect(stdout).toContain('✓ the clocks of the service and of this machine agree');
    expect(stdout).toContain('! the log (memory) forgets everything');
    expect(stdout).toMatch(/0 faults, 1 doubt\n$/);
    expect(code).toBe(0);
  });

  it('serve drains when it is told to, and ends with 0', async () => {
    const own = await serve();
    own.cli.kill('SIGTERM');
    expect(await own.cli.ended).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^development mode .*\n$/) as string,
    });
  });
});

describe('without a service', { timeout: 30_000 }, () => {
  it('serve without settings says what to set, and --development is refused beside them', async () => {
    const bare = await ws(['serve', '--port', '0', '--log', 'memory:']);
    expect(bare.code).toBe(1);
    expect(bare.stderr).toMatch(/WS_JWT_SECRET .* and WS_API_KEY .* must be set .* WS_DEVELOPMENT=on/);
    const both = await ws(['serve', '--development', '--port', '0'], { env: { WS_JWT_SECRET: SECRET } });
    expect(both.code).toBe(1);
    expect(both.stderr).toMatch(/WS_DEVELOPMENT=on .* cannot be combined with WS_JWT_SECRET/);
  });

  it('token signs with WS_JWT_SECRET', async () => {
    const env = {
      WS_JWT_SECRET: SECRET,
      WS_JWT_ISSUER: 'https://id.example, https://old.example',
      WS_JWT_AUDIENCE: 'events',
    };
    const { code, stdout, stderr } = await ws(['token', '--user', 'alice', '--ttl', '15m', '--thread', 't1'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { payload } = await jwtVerify(stdout.trim(), new TextEncoder().encode(SECRET));
    expect(payload).toMatchObject({ sub: 'alice', iss: 'https://id.example', aud: 'events', threads: ['t1'] });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);
  });

  it('key prints a key once, and the entry with its digest beside it', async () => {
    const { code, stdout, stderr } = await ws(['key', '--name', 'billing', '--scope', 'publish', '--scope', 'read']);
    expect(code).toBe(0);
    const entry = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    expect(entry).toEqual({ id: 'billing', sha256: hash('sha256', stdout.trim()), scopes: ['publish', 'read'] });
    expect(stderr).not.toContain(stdout.trim());
    expect((await ws(['key', '--name', 'x', '--scope', 'everything'])).code).toBe(2);
  });

  it('load refuses a service elsewhere, unless it is told that it may', async () => {
    const { code, stderr } = await ws(['load', '--url', 'https://events.example.com'], { env: { WS_API_KEY: 'k' } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/is not on this machine/);
  });
});
