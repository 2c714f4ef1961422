import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

interface Output {
  readonly entryPoint?: string;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

interface Esbuild {
  build(options: object): Promise<{
    readonly outputFiles: readonly { readonly path: string; readonly contents: Uint8Array }[];
    readonly metafile: { readonly inputs: object; readonly outputs: Readonly<Record<string, Output>> };
  }>;
}

// The bundler of the bundler of this workspace.
const load = createRequire(createRequire(import.meta.url).resolve('tsup'));
const esbuild = load('esbuild') as Esbuild;

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** Bundles for a browser what a page imports; fails on anything a browser does not have. */
async function bundle(imported: string) {
  const { outputFiles, metafile } = await esbuild.build({
    stdin: {
      contents: `export ${imported} from './src/index.ts'`,
      resolveDir: fileURLToPath(new URL('..', import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@ws/source'],
    // What is imported when it is needed is a file of its own, as with the bundlers of pages.
    splitting: true,
    outdir: 'out',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const sizeOf = (path: string): number => {
    const file = outputFiles.find((output) => output.path.endsWith(`/${path}`));
    return gzipSync(file?.contents ?? new Uint8Array()).length;
  };
  const { outputs } = metafile;
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === '<stdin>') ?? '';
  const first = loadedWith(entry, outputs);
  const later = Object.keys(outputs).filter((path) => !first.has(path));
  const sum = (paths: Iterable<string>): number => [...paths].reduce((bytes, path) => bytes + sizeOf(path), 0);
  return { inputs: Object.keys(metafile.inputs), gzipBytes: sum(first), laterBytes: sum(later) };
}

/** A file and all that it imports at once. */
function loadedWith(path: string, outputs: Readonly<Record<string, Output>>, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const { path: imported, kind } of outputs[path]?.imports ?? []) {
    if (kind === 'import-statement') loadedWith(imported, outputs, seen);
  }
  return seen;
}

it('reaches nothing of Node and stays small', async () => {
  const all = await bundle('*');
  const client = await bundle('{ createClient }');
  const { gzipBytes, laterBytes } = client;
  console.log(
    `gzip: createClient ${gzipBytes} bytes, everything ${all.gzipBytes}, where WebSockets are blocked ${laterBytes} more`,
  );
  expect(all.inputs.filter((input) => /^node:|browser-external/.test(input))).toEqual([]);
  expect(client.inputs.some((input) => input.includes('/stream-client.ts'))).toBe(true);
  // Each limit is 2 % above what the code weighs. One that is passed on purpose is set again.
  expect(client.gzipBytes).toBeLessThan(17_220);
  expect(all.gzipBytes).toBeLessThan(18_900);
  // The transport over HTTP is loaded where it is needed, and nowhere else.
  expect(laterBytes).toBeGreaterThan(500);
  expect(laterBytes).toBeLessThan(3_440);
  // What README.md says is right to a fiftieth.
  const sizes = /([\d.]+) KB gzipped \(([\d.]+) KB with all its exports\).+?([\d.]+) KB more/s.exec(README)?.slice(1);
  expect(sizes).toHaveLength(3);
  for (const [index, bytes] of [gzipBytes, all.gzipBytes, laterBytes].entries()) {
    expect(Math.abs(Number(sizes?.[index]) * 1_000 - bytes) / bytes).toBeLessThan(0.02);
  }
});

it('would notice something of Node', async () => {
  const of = (module: string) => bundle(`{ default } from '${module}'; export {}`);
  await expect(of('node:fs')).rejects.toThrow('node:fs');
});

it('leaves the run store out where it is not used', async () => {
  const [all, client] = [await bundle('*'), await bundle('{ createClient }')];
  expect(client.gzipBytes).toBeLessThan(all.gzipBytes - 500);
});
