import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

// Imports nothing of the workspace: `pnpm start` asks before anything is compiled.

/** What decides whether the service is safe to reach is said where it is started, and not by a file that lies in some folder. */
const NEVER = ['NODE_ENV', 'WS_DEVELOPMENT'];

export interface FoundEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What a person has to know of the file. */
  readonly notes: readonly string[];
}

/** The environment, and below it the variables of the file `.env` in a folder: what both name is as the environment says. */
export function withDotEnv(env: FoundEnvironment['env'], folder: string): FoundEnvironment {
  const file = join(folder, '.env');
  let found: NodeJS.Dict<string>;
  try {
    found = parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { env, notes: code === 'ENOENT' ? [] : [`${file} cannot be read (${code}): none of its settings is used`] };
  }
  const passedOver = NEVER.filter((name) => found[name] !== undefined);
  const below = Object.entries(found).filter(([name]) => !NEVER.includes(name));
  const set = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  return {
    env: Object.fromEntries([...below, ...set]),
    notes: [
      ...(below.length === 0 ? [] : [`settings of ${file} are used where the environment says nothing`]),
      ...passedOver.map((name) => `${name} of ${file} has no effect: set it in the environment`),
    ],
  };
}
