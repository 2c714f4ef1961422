import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { CommanderError } from 'commander';
import { createProgram } from '../src/program.ts';
import { ws } from './support/cli.ts';

const COMMANDS = ['serve', 'tail', 'publish', 'token', 'key', 'doctor', 'config', 'load'];

/** What a command line prints, and how it ends, without a process of its own. */
async function parsed(args: readonly string[]): Promise<{ readonly text: string; readonly code: number }> {
  const program = createProgram();
  let text = '';
  const output = { writeOut: (more: string) => void (text += more), writeErr: (more: string) => void (text += more) };
  for (const command of [program, ...program.commands]) command.configureOutput(output);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return { text, code: 0 };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { text, code: error.exitCode };
  }
}

describe('every command', () => {
  it.each(COMMANDS)('%s explains itself', async (name) => {
    const { text, code } = await parsed([name, '--help']);
    expect(code).toBe(0);
    expect(text).toContain(`Usage: ws ${name}`);
    expect(text).toMatch(/\n\n[A-Z].*(\n.+)*\.\n/);
  });

  it('stands in the help of all', async () => {
    const { text, code } = await parsed(['--help']);
    expect(code).toBe(0);
    for (const name of COMMANDS) expect(text).toContain(`\n  ${name} `);
  });

  it.each([
    ['a command nobody knows', ['sevre'], /unknown command 'sevre'.*Did you mean serve/s],
    ['an option nobody knows', ['tail', '--user', 'a', '--form', 'now'], /unknown option '--form'/],
    ['a missing user', ['tail'], /required option '--user <id>' not specified/],
    ['a count that is none', ['tail', '--user', 'a', '-n', 'many'], /must be a whole number/],
    ['a payload that is no object', ['publish', '--user', 'a', '--payload', '[]'], /must be a JSON object/],
    ['a time that is none', ['token', '--user', 'a', '--ttl', '1x'], /must be a time like/],
  ])('%s is refused with a sentence', async (_name, args, sentence) => {
    const { text, code } = await parsed(args);
    expect(code).not.toBe(0);
    expect(text).toMatch(sentence);
  });
});

describe('the process', { timeout: 30_000 }, () => {
  it('config shows what the service would run with, no secret, and what is mistyped', async () => {
    const secret = 'Zk3v9QpX7sLr2TnWbY8dHf4MjCgA6eUo';
    const env = { WS_API_KEY: secret, WS_LOG_URL: `redis://me:${secret}@host/2`, WS_DRAIN_MS: '7', WS_HEARTBEAT: '5' };
    const { stdout, stderr, code } = await ws(['config', '--changed', '--json'], { env, cwd: import.meta.dirname });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ WS_API_KEY: '(set)', WS_LOG_URL: 'redis://…@host/2', WS_DRAIN_MS: '7' });
    expect(stderr).toBe('warning: WS_HEARTBEAT is not a setting: did you mean WS_HEARTBEAT_MS?\n');
  });

  it('ends with 2 for a wrong use, with 0 for help, and without a stack', async () => {
    const [wrong, help, place] = await Promise.all([
      ws(['sevre']),
      ws(['--help']),
      ws(['tail', '--user', 'alice', '--from', 'yesterday']),
    ]);
    expect([wrong.code, help.code, place.code]).toEqual([2, 0, 2]);
    expect(place.stderr).toBe('--from must be latest, earliest or EPOCH:OFFSET, got yesterday\n');
    expect(wrong.stderr).not.toContain('    at ');
  });

  it.each([
    ['publish', ['publish', '--user', 'alice', '--type', 'app.note']],
    ['token', ['token', '--user', 'alice']],
    ['load', ['load', '--seconds', '1']],
  ])('%s ends with 1 where nothing answers, and says so', async (_name, args) => {
    const { code, stderr } = await ws([...args, '--url', 'http://127.0.0.1:9']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^http:\/\/127\.0\.0\.1:9 does not answer: .*\n$/);
  });

  it.each([
    ['tail', 404, ['tail', '--user', 'alice']],
    ['publish', 501, ['publish', '--user', 'alice', '--type', 'app.note']],
  ])('%s says so where another program answers (%i)', async (_name, status, args) => {
    const other = createServer((_request, response) => response.writeHead(status).end('<html>\n<h1>No</h1>\n</html>'));
    await once(other.listen(0, '127.0.0.1'), 'listening');
    try {
      const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
      const { code, stderr } = await ws([...args, '--url', url]);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        new RegExp(`^/\\S+ was refused with ${status}: that is no answer of the service. Is ${url} its address\\?\n$`),
      );
    } finally {
      other.close();
    }
  });

  it('prints its version', async () => {
    const { code, stdout } = await ws(['--version']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  });

  it('does not pretend that a token of development mode has another life', async () => {
    const { code, stderr } = await ws(['token', '--user', 'alice', '--ttl', '5m']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--ttl needs WS_JWT_SECRET: .*\n$/);
  });

  it('sends no key of its own to another machine', async () => {
    const args = ['publish', '--user', 'alice', '--type', 'app.note', '--url', 'http://events.invalid'];
    const { code, stderr } = await ws(args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'Set WS_API_KEY to a key of the service.\n' });
  });
});
