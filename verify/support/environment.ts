import { arch, cpus, platform, release, totalmem } from 'node:os';
import { git } from './released.ts';

export interface Environment {
  readonly commit: string;
  /** Whether the working tree differs from the commit. */
  readonly changed: boolean;
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly memoryGb: number;
}

/** What this run ran on. */
export async function describeEnvironment(): Promise<Environment> {
  const processors = cpus();
  return {
    commit: (await git('rev-parse', 'HEAD'))?.trim() ?? 'not a git repository',
    changed: (await git('status', '--porcelain'))?.trim() !== '',
    node: process.version,
    system: `${platform()} ${release()} ${arch()}`,
    processor: `${processors.length} × ${processors[0]?.model ?? 'unknown'}`,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
  };
}
