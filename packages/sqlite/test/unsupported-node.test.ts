import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ENTRY = new URL('../src/index.ts', import.meta.url).href;

it('a Node without node:sqlite is an error with a code and one sentence, when a log is opened', () => {
  const program = `
    import { openSqliteLog } from ${JSON.stringify(ENTRY)};
    try {
      openSqliteLog({ path: '/nowhere/events.db' });
    } catch ({ code, message }) {
      console.log(JSON.stringify({ code, message }));
    }`;
  const output = execFileSync(
    process.execPath,
    ['--conditions=@ws/source', '--no-experimental-sqlite', '--input-type=module', '--eval', program],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } },
  );
  expect(JSON.parse(output)).toEqual({
    code: 'UNSUPPORTED_NODE',
    message: `@ws/sqlite needs node:sqlite, which Node 22.13 and later have: this is Node ${process.versions.node}`,
  });
});
