import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublicPackage } from '../../scripts/public-packages.mjs';
import { command } from './command.ts';

/** Packs a built package into `folder` as it is published: by pnpm, which applies `publishConfig` and resolves `workspace:`. */
export async function pack({ directory, short }: PublicPackage, folder: string): Promise<ArrayBuffer> {
  const file = join(folder, `${short}.tgz`);
  await command('pnpm', ['pack', '--out', file], { cwd: directory, env: { PACK_AS_BUILT: '1' } });
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
