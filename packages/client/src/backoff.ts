import type { BackoffOptions } from './client-options.ts';
import type { Random } from './random.ts';

/**
 * Full-jitter exponential backoff: milliseconds to wait before retry `attempt` (0 is the first). Spread over the whole range,
 * so that the clients of a server that went away do not come back in step.
 *
 * @param pace `slower`: the server asked to slow down, so at least half of the longest wait. `restarting`: it said that it
 * restarts, and is expected back within seconds.
 */
export function backoffMs(
  attempt: number,
  options: Required<BackoffOptions>,
  random: Random,
  pace: 'usual' | 'slower' | 'restarting' = 'usual',
): number {
  const { minMs, factor } = options;
  if (pace === 'slower') return Math.floor((options.maxMs * (1 + random())) / 2);
  const maxMs = pace === 'restarting' ? Math.min(options.restartMaxMs, options.maxMs) : options.maxMs;
  return Math.floor(Math.min(maxMs, minMs * factor ** attempt) * random());
}
