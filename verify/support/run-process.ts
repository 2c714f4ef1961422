import { spawn } from 'node:child_process';
import { VERIFY } from './places.ts';

export interface ProcessRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each line of the output as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Runs a program to its end. */
export function runProcess(
  program: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessRun> {
  const { cwd = VERIFY, env = {}, onLine } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let line = '';
    const take = (text: string): void => {
      const lines = (line + text).split('\n');
      line = lines.pop() ?? '';
      for (const one of lines) onLine?.(one);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      take(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

export interface ModuleOptions {
  /** Where packages are found. Default: those of the workspace, as they are built. */
  readonly cwd?: string;
  readonly args?: readonly string[];
}

/** Runs a module in a Node of its own. */
export function runModule(source: string, { cwd = VERIFY, args = [] }: ModuleOptions = {}): Promise<ProcessRun> {
  return runProcess(process.execPath, ['--input-type=module', '--eval', source, ...args], { cwd });
}
