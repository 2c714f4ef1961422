import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

interface Esbuild {
  build(options: object): Promise<{
    readonly outputFiles: readonly { readonly contents: Uint8Array }[];
    readonly metafile: { readonly inputs: object };
  }>;
}

// The bundler of the bundler of this workspace.
const load = createRequire(createRequire(import.meta.url).resolve('tsup'));
const esbuild = load('esbuild') as Esbuild;

/** Bundles for a browser what a page imports; fails on anything a browser does not have. */
async function bundle(contents: string, external: readonly string[]) {
  const { outputFiles, metafile } = await esbuild.build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@ws/source'],
    external,
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const bytes = gzipSync(outputFiles[0]?.contents ?? new Uint8Array()).length;
  return { bytes, inputs: Object.keys(metafile.inputs) };
}

const REACT = ['react', 'react/jsx-runtime'];

it('adds little to the client, and nothing of Node', async () => {
  const hooks = await bundle("export * from './src/index.ts'", [...REACT, '@ws/client', '@ws/types']);
  const all = await bundle("export * from './src/index.ts'", REACT);
  console.log(`gzip: the hooks ${hooks.bytes} bytes, with the client ${all.bytes}, both without React`);
  expect(all.inputs.filter((input) => /^node:|browser-external/.test(input))).toEqual([]);
  expect(all.inputs.some((input) => input.includes('/stream-client.ts'))).toBe(true);
  expect(hooks.bytes).toBeLessThan(5_000);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const size = /([\d.]+) KB gzipped beside the client/.exec(readme)?.[1];
  expect(Math.abs(Number(size) * 1_000 - hooks.bytes) / hooks.bytes).toBeLessThan(0.02);
});

it('the client brings nothing of React', async () => {
  const { inputs } = await bundle("export * from '@ws/client'", []);
  expect(inputs.some((input) => input.includes('/stream-client.ts'))).toBe(true);
  expect(inputs.filter((input) => /react/.test(input.replace(/^.*packages/, '')))).toEqual([]);
});
