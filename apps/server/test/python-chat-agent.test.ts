import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tokenFor } from './support/http.ts';
import { Peer } from './support/peer.ts';
import { freshUser, useService } from './support/service.ts';
import { makeTempFolder, type TempFolder } from './support/temp-folder.ts';
import { within } from './support/within.ts';

const AGENT = fileURLToPath(new URL('../../../examples/python-agent/chat.py', import.meta.url));
const service = useService({ WS_COALESCE_MS: '0', WS_AGENT_INBOX: 'on' });

let folder: TempFolder;
beforeAll(() => {
  folder = makeTempFolder();
  writeFileSync(join(folder.path, 'a.txt'), 'one two three\n');
  writeFileSync(join(folder.path, 'b.md'), 'four five\n');
});
afterAll(() => folder[Symbol.dispose]());

const agents: ChildProcess[] = [];
afterEach(() => {
  for (const agent of agents.splice(0)) agent.kill('SIGKILL');
});

interface Agent {
  readonly process: ChildProcess;
  readonly output: () => string;
}

/** Starts the example as its page says; it serves until it is killed. */
function startAgent(...args: string[]): Agent {
  const env = { PATH: process.env['PATH'] ?? '' };
  const all = [AGENT, '--url', service.url, '--folder', folder.path, ...args];
  const agent = spawn('python3', all, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  agents.push(agent);
  let output = '';
  for (const stream of [agent.stdout, agent.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return { process: agent, output: () => output };
}

// Where CI=true a missing Python is a failure, elsewhere its tests are skipped.
const isMissing = spawnSync('python3', ['--version']).status !== 0;
if (isMissing) console.warn('python3 is missing, so the tests of the Python chat agent cannot run.');

describe.skipIf(isMissing && process.env['CI'] !== 'true')('the chat agent in Python', { timeout: 60_000 }, () => {
  it('answers what users say, in the run that was promised to them', async () => {
    startAgent();
    const user = freshUser();
    const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, user) });
    peer.say({ type: 'user_message', message_id: 'm1', thread_id: 't1', payload: { text: 'How many words?' } });
    const { payload, run_id } = await peer.frame('agent_completed', 15_000);
    expect(run_id).toBe('run-m1');
    expect(payload).toMatchObject({ status: 'completed' });
    expect(String((payload as { final_response?: unknown }).final_response)).toMatch(/\b5 words\b/);
    await peer.close();
  });

  it('that is killed in the middle of a run comes back, and goes on with it: nothing is lost, and nothing is there twice', async () => {
    const first = startAgent('--hold', '2', '--pace', '3');
    const user = freshUser();
    const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, user) });
    peer.say({ type: 'user_message', message_id: 'm1', thread_id: 't1', payload: { text: 'How many words?' } });
    // It is in its first tool call, or rests behind it.
    await peer.frame('tool_executing', 15_000);
    first.process.kill('SIGKILL');
    const second = startAgent('--hold', '2');
    const end = await within(30_000, second.output, peer.frame('agent_completed', 30_000));
    expect(end['payload']).toMatchObject({ status: 'completed' });
    expect(second.output()).toContain('run-m1: attempt 2');
    const types = peer.events.map(({ type }) => type);
    expect(types.filter((type) => type === 'agent_started')).toHaveLength(1);
    const calls = peer.events.filter(({ type }) => type === 'tool_executing');
    const results = peer.events.filter(({ type }) => type === 'tool_completed');
    expect(calls.map(({ payload }) => (payload as { tool_name: string }).tool_name)).toEqual([
      'list_files',
      'count_words',
      'count_words',
      'find_longest',
    ]);
    expect(results).toHaveLength(calls.length);
    const answer = peer.events
      .filter(({ type }) => type === 'agent_response_chunk')
      .map(({ payload }) => (payload as { delta: string }).delta)
      .join('');
    expect((end['payload'] as { final_response: string }).final_response).toBe(answer);
    await peer.close();
  });

  it('stops when its user cancels the run, and answers the next message', async () => {
    const agent = startAgent('--pace', '1');
    const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, freshUser()) });
    const say = (id: string): void =>
      peer.say({ type: 'user_message', message_id: id, thread_id: 't1', payload: { text: 'How many words?' } });
    say('m1');
    await peer.frame('tool_executing', 15_000);
    say('m2');
    peer.say({ type: 'cancel_run', run_id: 'run-m1' });
    await expect
      .poll(
        () =>
          peer.events
            .filter(({ type }) => type === 'agent_completed')
            .map(({ run_id, payload }) => [run_id, (payload as { status: string }).status]),
        { timeout: 30_000 },
      )
      .toEqual([
        ['run-m1', 'cancelled'],
        ['run-m2', 'completed'],
      ]);
    expect(agent.output()).toContain('run-m1: cancelled by the user');
    await peer.close();
  });

  it('says what is wrong when its key is', async () => {
    const agent = startAgent('--api-key', 'wrong');
    const code = await within(14_000, agent.output, new Promise((resolve) => agent.process.once('close', resolve)));
    expect(code).toBe(1);
    expect(agent.output()).toMatch(/key/i);
    expect(agent.output()).not.toContain('Traceback');
  });
});
