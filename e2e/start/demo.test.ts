import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEMO, ServerProcess } from '../../apps/server/test/support/server-process.ts';
import { makeTempFolder, type TempFolder } from '../../apps/server/test/support/temp-folder.ts';
import { PRODUCTION } from '../../apps/server/test/support/tokens.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = makeTempFolder();
  mkdirSync(join(folder.path, 'page'));
  writeFileSync(join(folder.path, 'page/index.html'), 'a page');
});
afterEach(() => folder[Symbol.dispose]());

/** What a demo serves that was started with these settings and arguments. */
async function served(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const WS_PAGE_FOLDER = join(folder.path, 'page');
  await using server = await ServerProcess.start({
    cwd: folder.path,
    program: DEMO,
    env: { ...env, WS_PAGE_FOLDER },
    args,
  });
  const agent = await fetch(`${server.url}/dev/agent`);
  return {
    page: await (await fetch(server.url)).text(),
    workspace: agent.ok ? ((await agent.json()) as { readonly workspace: string }).workspace : agent.status,
  };
}

it('serves its page, and in development mode an agent for this repository', async () => {
  expect(await served({})).toEqual({ page: 'a page', workspace: expect.stringMatching(/^.+$/) as string });
});

it('answers questions about a folder that is named', async () => {
  expect(await served({}, '--workspace', join(folder.path, 'page'))).toMatchObject({ workspace: 'page' });
});

it('reads no folder that was not named, outside of development mode', async () => {
  const production = { ...PRODUCTION, WS_DEVELOPMENT: 'off' };
  expect(await served(production)).toEqual({ page: 'a page', workspace: 404 });
  expect(await served(production, '--workspace', 'page')).toMatchObject({ workspace: 'page' });
});

it('gives way to an agent that the settings name', async () => {
  expect(await served({ WS_AGENT_INBOX: 'on' })).toMatchObject({ workspace: 404 });
});

it.each([
  ['a workspace that is not there', ['--workspace', 'no-such-folder'], /^Cannot start: .*no-such-folder.*\n$/],
  ['an unknown argument', ['--prot', '80'], /^Cannot start: .*--prot[^]*Usage: /],
])('refuses %s with a sentence', async (_what, args, sentence) => {
  await using server = new ServerProcess({ cwd: folder.path, program: DEMO, args });
  expect((await server.ended()).code).toBe(1);
  expect(server.stderr).toMatch(sentence);
});

it('prints its usage and starts nothing', async () => {
  await using server = new ServerProcess({ cwd: folder.path, program: DEMO, args: ['--help'], env: { WS_PORT: 'x' } });
  expect((await server.ended()).code).toBe(0);
  expect(server.stdout).toMatch(/^Usage: start [^]*WS_LOG_URL/);
});
