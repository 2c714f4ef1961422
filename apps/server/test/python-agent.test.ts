import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenFor } from './support/http.ts';
import { Peer } from './support/peer.ts';
import { freshUser, useService } from './support/service.ts';
import { makeTempFolder, type TempFolder } from './support/temp-folder.ts';
import { within } from './support/within.ts';

const AGENT = fileURLToPath(new URL('../../../examples/python-agent/agent.py', import.meta.url));
const service = useService({ WS_COALESCE_MS: '0' });

let folder: TempFolder;
beforeAll(() => {
  folder = makeTempFolder();
  writeFileSync(join(folder.path, 'a.txt'), 'one two three\n');
  writeFileSync(join(folder.path, 'b.txt'), 'four five\n');
});
afterAll(() => folder[Symbol.dispose]());

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the example as its page says, to its end. */
async function runAgent(args: readonly string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '' };
  const agent = spawn('python3', [AGENT, '--folder', folder.path, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [agent.stdout, agent.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    agent.once('error', reject).once('close', (code) => resolve({ code, output }));
  });
  try {
    return await within(14_000, () => `the agent ends: ${output}`, ended);
  } finally {
    agent.kill('SIGKILL');
  }
}

// Where CI=true a missing Python is a failure, elsewhere its tests are skipped.
const isMissing = spawnSync('python3', ['--version']).status !== 0;
if (isMissing) console.warn('python3 is missing, so the tests of the Python example cannot run.');

describe.skipIf(isMissing && process.env['CI'] !== 'true')('the agent in Python', () => {
  it('publishes a whole run that its user sees', async () => {
    const user = freshUser();
    const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, user) });
    const { code, output } = await runAgent(['--url', service.url, '--user', user, '--thread', 't1']);
    expect({ code, output }).toMatchObject({ code: 0 });
    const end = await peer.frame('agent_completed');
    expect(end['payload']).toMatchObject({ status: 'completed' });
    expect(String((end['payload'] as { final_response?: unknown }).final_response)).toMatch(/\b(5|five)\b/);
    const types = peer.events.map(({ type }) => type);
    expect(types[0]).toBe('agent_started');
    expect(types).toContain('agent_thinking');
    expect(types.filter((type) => type === 'tool_executing').length).toBeGreaterThan(0);
    expect(types.filter((type) => type === 'tool_completed')).toHaveLength(
      types.filter((type) => type === 'tool_executing').length,
    );
    expect(new Set(peer.events.map(({ thread_id }) => thread_id))).toEqual(new Set(['t1']));
    await peer.close();
  });

  it('stops when its user cancels the run', async () => {
    const user = freshUser();
    const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, user) });
    const ended = runAgent(['--url', service.url, '--user', user, '--pace', '1']);
    const { run_id } = await peer.frame('agent_started', 12_000);
    peer.say({ type: 'cancel_run', run_id });
    expect((await peer.frame('agent_completed'))['payload']).toMatchObject({ status: 'cancelled' });
    const { output } = await ended;
    expect(output).toMatch(/cancel/i);
    expect(peer.events.filter(({ type }) => type === 'agent_completed')).toHaveLength(1);
    await peer.close();
  });

  it('says what is wrong when its key is', async () => {
    const { code, output } = await runAgent(['--url', service.url, '--user', 'a', '--api-key', 'wrong']);
    expect(code).not.toBe(0);
    expect(output).toMatch(/key/i);
    expect(output).not.toContain('Traceback');
  });
});
