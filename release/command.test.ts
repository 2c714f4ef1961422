import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../scripts/workspace.mjs';
import { command } from './support/command.ts';
import { makeFolder } from './support/folder.ts';

const MAIN = resolve(root, 'packages/cli/dist/main.js');

it('the built command serves the inspector and no demo, and its doctor finds nothing to mend', async () => {
  const folder = makeFolder('ws-command-');
  const args = [MAIN, 'serve', '--development', '--port', '0', '--log', 'memory:'];
  const serving = spawn(process.execPath, args, { cwd: folder.path, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(serving.stdout, 'data')) as [Buffer];
    const url = /listening on (\S+)/.exec(line.toString())?.[1] ?? '';
    const answer = await fetch(`${url}/inspector/`);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await answer.text()).toContain('<title>Inspector');
    expect(await (await fetch(url)).json()).toMatchObject({ page: 'none: set WS_PAGE_FOLDER to serve one' });
    const said = await command(process.execPath, [MAIN, 'doctor', '--only', 'service', '--url', url], {
      cwd: folder.path,
    });
    expect(said).toContain('0 faults');
  } finally {
    serving.kill('SIGTERM');
    await once(serving, 'close');
    folder.remove();
  }
});
