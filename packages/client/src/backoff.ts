import type { BackoffOptions } from './client-options.ts';
import type { Random } from './random.ts';

/**
 * Full-jitter exponential backoff: milliseconds to wait before retry `attempt` (0 is the first). Spread over the whole range,
 * so that the clients of a server that went away do not come back in step.
 *
 * @param slower The server asked to slow down: at least half of the longest wait.
 */
export function backoffMs(attempt: number, options: Required<BackoffOptions>, random: Random, slower = false): number {
  const { minMs, maxMs, factor } = options;
  const wait = slower ? (maxMs * (1 + random())) / 2 : Math.min(maxMs, minMs * factor ** attempt) * random();
  return Math.floor(wait);
}
