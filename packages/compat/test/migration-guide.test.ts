import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

// The commands of docs/migration.md, run in a project as the page says, in its order.
const ROOT = resolve(import.meta.dirname, '../../..');
const CLI = `"${process.execPath}" --conditions=@ws/source "${resolve(ROOT, 'packages/compat/src/cli.ts')}"`;
const page = readFileSync(resolve(ROOT, 'docs/migration.md'), 'utf8');
const commands = [...page.matchAll(/^```sh check\n(.*?)\n```$/gms)].map(([, command = '']) => command);

const LEGACY = `import { createWebSocketManagerAsync, UnifiedWebSocketEmitter, WebSocketManager } from '@ws/compat';

export async function answer(userId: string): Promise<boolean> {
  const manager = await createWebSocketManagerAsync({ userId });
  const emitter = new UnifiedWebSocketEmitter(manager, userId);
  await emitter.emitAgentStarted({ agent_name: 'analyst' });
  await emitter.emitAgentCompleted({ response: 'Done.' });
  return manager instanceof WebSocketManager;
}
`;

const BY_HAND = `import { getWebSocketManager, UnifiedWebSocketManager } from '@ws/core';

export async function answer(userId: string): Promise<boolean> {
  const manager = getWebSocketManager({ userId });
  await using run = await manager.startRun({ agentName: 'analyst' });
  await run.complete({ finalResponse: 'Done.' });
  return manager instanceof UnifiedWebSocketManager;
}
`;

let project = '';
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'ws-migration-'));
  mkdirSync(join(project, 'src'));
  writeFileSync(join(project, 'src/answer.ts'), LEGACY);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

function run(command: string): Promise<{ code: unknown; stdout: string }> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return new Promise((done) => {
    execFile('bash', ['-c', command.replace('npx @ws/compat', CLI)], { cwd: project, env }, (error, stdout) =>
      done({ code: error === null ? 0 : error.code, stdout }),
    );
  });
}

it('docs/migration.md has these commands', () => {
  expect(commands).toEqual([
    'npx @ws/compat scan ./src',
    'npx @ws/compat migrate ./src --dry-run',
    'npx @ws/compat migrate ./src',
    'grep -rn "ws-compat:" ./src',
    'npx @ws/compat scan ./src --strict',
  ]);
});

it('they do what it says', { timeout: 60_000 }, async () => {
  const [scan = '', dryRun = '', migrate = '', comments = '', strict = ''] = commands;
  expect(await run(scan)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('src/answer.ts:1:10 WSDEP011') as string,
  });

  expect(await run(dryRun)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('would change 1 file') as string,
  });
  expect(readFileSync(join(project, 'src/answer.ts'), 'utf8')).toBe(LEGACY);

  expect(await run(migrate)).toMatchObject({ code: 1, stdout: expect.stringContaining('changed 1 file') as string });
  expect(await run(strict)).toMatchObject({ code: 1 });
  const left = await run(comments);
  expect(left.stdout.match(/WSDEP\d+/g)).toEqual(['WSDEP023', 'WSDEP400', 'WSDEP404']);

  writeFileSync(join(project, 'src/answer.ts'), BY_HAND);
  expect(await run(strict)).toMatchObject({ code: 0 });
  expect(await run(migrate)).toMatchObject({ code: 0 });
});
