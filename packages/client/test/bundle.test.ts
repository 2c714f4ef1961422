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
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  return { inputs: Object.keys(metafile.inputs), gzipBytes: gzipSync(contents).length };
}

it('reaches nothing of Node and stays small', async () => {
  const all = await bundle('*');
  const client = await bundle('{ createClient }');
  console.log(`gzip: createClient ${client.gzipBytes} bytes, everything ${all.gzipBytes} bytes`);
  expect(all.inputs.filter((input) => /^node:|browser-external/.test(input))).toEqual([]);
  expect(client.inputs.some((input) => input.includes('/stream-client.ts'))).toBe(true);
  expect(client.gzipBytes).toBeLessThan(14_500);
  expect(all.gzipBytes).toBeLessThan(15_500);
});

it('would notice something of Node', async () => {
  const of = (module: string) => bundle(`{ default } from '${module}'; export {}`);
  await expect(of('node:fs')).rejects.toThrow('node:fs');
});

it('leaves the run store out where it is not used', async () => {
  const [all, client] = [await bundle('*'), await bundle('{ createClient }')];
  expect(client.gzipBytes).toBeLessThan(all.gzipBytes - 500);
});
