import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { manifests, markdownFiles, ROOT } from './workspace-files.ts';

// Examples marked ```ts check are compiled as they stand: each a module of its own, against the sources of the workspace.
const EXAMPLE = /^```tsx? check\n(.*?)^```$/gms;
const FOLDER = resolve(ROOT, 'test-results/docs-examples');

interface Example {
  readonly file: string;
  readonly code: string;
}

function examplesOf(page: string): readonly Example[] {
  const text = readFileSync(resolve(ROOT, page), 'utf8');
  return [...text.matchAll(EXAMPLE)].map(([block, code = ''], index) => {
    const extension = block.startsWith('```tsx') ? 'tsx' : 'ts';
    // So that an error of the compiler names the line of the page, the lines before the example are empty.
    const linesBefore = text.slice(0, text.indexOf(block)).split('\n').length;
    const file = `${page.replaceAll('/', '_')}.${index + 1}.${extension}`;
    return { file, code: `${'\n'.repeat(linesBefore)}${code}` };
  });
}

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string | { readonly '@ws/source'?: string }>>;
}

/** Where the sources of each entry of each package are. */
function sourcePaths(): Readonly<Record<string, readonly string[]>> {
  const paths: Record<string, readonly string[]> = {};
  for (const path of manifests()) {
    const { name, exports = {} } = JSON.parse(readFileSync(resolve(ROOT, path), 'utf8')) as Manifest;
    for (const [entry, target] of Object.entries(exports)) {
      const source = typeof target === 'string' ? undefined : target['@ws/source'];
      if (source !== undefined) paths[join(name, entry)] = [relative(FOLDER, resolve(ROOT, dirname(path), source))];
    }
  }
  // A page of React has its types with the package that is for it.
  const react = resolve(ROOT, 'packages/react/node_modules/@types');
  paths['react'] = [relative(FOLDER, resolve(react, 'react/index.d.ts'))];
  paths['react/*'] = [relative(FOLDER, resolve(react, 'react/*.d.ts'))];
  paths['react-dom/*'] = [relative(FOLDER, resolve(react, 'react-dom/*.d.ts'))];
  return paths;
}

it('examples of the pages compile', { timeout: 120_000 }, async () => {
  const examples = markdownFiles().flatMap(examplesOf);
  expect(examples.map(({ file }) => file)).toContain('README.md.2.ts');
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const { file, code } of examples) writeFileSync(resolve(FOLDER, file), code);
  const config = {
    extends: relative(FOLDER, resolve(ROOT, 'tsconfig.base.json')),
    compilerOptions: {
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      jsx: 'react-jsx',
      noUnusedLocals: false,
      noUnusedParameters: false,
      paths: sourcePaths(),
      typeRoots: [relative(FOLDER, resolve(ROOT, 'node_modules/@types'))],
    },
    include: ['*'],
  };
  writeFileSync(resolve(FOLDER, 'tsconfig.json'), JSON.stringify(config, null, 2));
  const tsc = resolve(ROOT, 'node_modules/typescript/bin/tsc');
  const compile = promisify(execFile)(process.execPath, [tsc, '--project', FOLDER], { cwd: FOLDER });
  // The compiler tells what is wrong on its output.
  const complaints = await compile.then(
    () => '',
    ({ stdout, message }: Error & { readonly stdout?: string }) => stdout ?? message,
  );
  expect(complaints).toBe('');
});
