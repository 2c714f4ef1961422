import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { defineConfig } from 'tsup';

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly '@ws/source': string; readonly import?: unknown }>>;
}

/**
 * The build of a published package: real ES modules with types and source maps. Its entries are those of the `exports` map of
 * the package that is built (the working directory), so that a new entry is written down in one place.
 */
export function library({ platform }: { platform: 'browser' | 'node' }) {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const sources = Object.values(manifest.exports).flatMap((target) =>
    typeof target === 'string' || target.import === undefined ? [] : [target['@ws/source']],
  );
  return defineConfig({
    entry: Object.fromEntries(sources.map((source) => [basename(source, '.ts'), source])),
    format: ['esm'],
    platform: platform === 'browser' ? 'neutral' : 'node',
    target: platform === 'browser' ? 'es2022' : 'node20',
    dts: true,
    sourcemap: true,
    clean: true,
    removeNodeProtocol: false,
    define: { PACKAGE_VERSION: JSON.stringify(manifest.version) },
  });
}
