import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The program inside the package of this platform that `bun` depends on. The package's own install script would copy it; it runs
 * as well from where it lies.
 */
export function bunProgram(): string | undefined {
  const require = createRequire(import.meta.url);
  const architecture = { x64: 'x64', arm64: 'aarch64' }[process.arch as string];
  try {
    const inBun = createRequire(require.resolve('bun/package.json'));
    for (const suffix of ['', '-musl']) {
      const name = `@oven/bun-${process.platform}-${architecture}${suffix}/package.json`;
      const program = join(dirname(inBun.resolve(name)), 'bin/bun');
      if (existsSync(program)) return program;
    }
  } catch {
    // Not installed on this platform: its rows are left out.
  }
  return undefined;
}
