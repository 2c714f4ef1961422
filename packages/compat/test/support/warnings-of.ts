import { resolve } from 'node:path';
import { runNode } from './run-node.ts';

/** A warning as `process.on('warning')` gets it. */
export interface Warning {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
}

const PACKAGE = resolve(import.meta.dirname, '../..');

/**
 * Runs `script` in a process of its own, with the sources of the package as `compat`, and returns the warnings that were emitted
 * and what the script put into `result`.
 */
export async function warningsOf(
  script: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly warnings: readonly Warning[]; readonly result: unknown }> {
  const program = `
    const warnings = [];
    process.on('warning', ({ name, code, message }) => warnings.push({ name, code, message }));
    const compat = await import('@ws/compat');
    let result = null;
    ${script}
    setImmediate(() => console.log(JSON.stringify({ warnings, result })));`;
  const args = ['--conditions=@ws/source', '--no-warnings', '--input-type=module', '--eval', program];
  const { code, stdout, stderr } = await runNode(args, { cwd: PACKAGE, env });
  if (code !== 0) throw new Error(`the script ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as { warnings: Warning[]; result: unknown };
}
