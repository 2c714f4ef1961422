import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/cli/run-command.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ws-compat-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LEGACY = "import { getManager } from '@ws/compat';\n\nexport const manager = getManager({ userId: 'u1' });\n";
const CANONICAL =
  "import { getWebSocketManager } from '@ws/core';\n\nexport const manager = getWebSocketManager({ userId: 'u1' });\n";
const BY_HAND = "import { getEmitterPool } from '@ws/compat';\n\nexport const pool = getEmitterPool();\n";

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function run(...args: readonly string[]): { code: number; out: string; err: string } {
  const out: string[] = [];
  const err: string[] = [];
  const code = runCommand(args, { out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('scan', () => {
  it('lists legacy uses with file, line and code', () => {
    write('a.ts', LEGACY);
    write('deep/b.jsx', LEGACY);
    for (const skipped of ['node_modules/x/c.js', 'dist/c.js', '.hidden/c.js', 'c.d.ts', 'c.txt'])
      write(skipped, LEGACY);
    const { code, out } = run('scan', folder);
    expect(out.split('\n')).toEqual([
      `${join(folder, 'a.ts')}:1:10 WSDEP012 getManager: use getWebSocketManager of @ws/core`,
      `${join(folder, 'deep/b.jsx')}:1:10 WSDEP012 getManager: use getWebSocketManager of @ws/core`,
      '2 legacy uses in 2 files, 2 files looked at',
    ]);
    expect(code).toBe(0);
  });

  it('ends with 1 where it is strict and there are some, and 0 where there are none', () => {
    write('a.ts', LEGACY);
    expect(run('scan', folder, '--strict').code).toBe(1);
    write('a.ts', CANONICAL);
    expect(run('scan', '--strict', folder).code).toBe(0);
  });

  it('writes JSON', () => {
    write('a.ts', LEGACY);
    expect(JSON.parse(run('scan', folder, '--json').out)).toMatchObject([{ line: 1, column: 10, code: 'WSDEP012' }]);
  });

  it('says how far it is in a large tree', () => {
    for (let index = 0; index < 1001; index += 1) write(`${index}.ts`, '');
    expect(run('scan', folder).err).toBe('1000 of 1001 files');
  });
});

describe('migrate', () => {
  it('rewrites, prints the changes and ends with 0', () => {
    write('a.ts', LEGACY);
    const { code, out } = run('migrate', folder);
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe(CANONICAL);
    expect(out).toContain(
      "-import { getManager } from '@ws/compat';\n+import { getWebSocketManager } from '@ws/core';",
    );
    expect(out).toContain('changed 1 file of 1, 0 uses left for hands');
    expect(code).toBe(0);
    expect(run('scan', '--strict', folder).code).toBe(0);
  });

  it('writes nothing with --dry-run', () => {
    write('a.ts', LEGACY);
    const { code, out } = run('migrate', '--dry-run', folder);
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe(LEGACY);
    expect(out).toContain('would change 1 file of 1');
    expect(code).toBe(0);
  });

  it('ends with 1 where something is left for hands', () => {
    write('a.ts', BY_HAND);
    const { code, out } = run('migrate', folder);
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toContain('// ws-compat: WSDEP031 getEmitterPool');
    expect(out).toContain(`${join(folder, 'a.ts')}:3 WSDEP031 getEmitterPool`);
    expect(code).toBe(1);
    expect(run('migrate', folder).out).toContain('changed 0 files of 1, 1 use left for hands');
  });
});

describe('a command that can’t be done', () => {
  it.each([[], ['scan'], ['migrate'], ['sacn', '.'], ['scan', '.', '--srict'], ['scan', './not-there']])(
    'ends with 2: %s',
    (...args) => {
      const { code, err } = run(...args);
      expect(code).toBe(2);
      expect(err).not.toBe('');
    },
  );

  it('says its usage when asked', () => {
    const { code, out } = run('--help');
    expect(code).toBe(0);
    expect(out).toContain('npx @ws/compat scan');
  });

  it('goes on after a file that can’t be parsed, and ends with 2', () => {
    write('a.ts', "import { from '@ws/compat';");
    write('b.ts', LEGACY);
    const { code, out, err } = run('migrate', folder);
    expect(code).toBe(2);
    expect(err).toContain('a.ts');
    expect(out).toContain('changed 1 file of 2');
  });
});
