import type { BenchClient, BenchNode } from './node.ts';

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Events before those that count. */
const WARM_UP = 100;

/** From the call of emit to the arrival at a client, one event after the other, in milliseconds. */
export async function emitLatency(
  node: BenchNode,
  client: BenchClient,
  userId: string,
  events: number,
): Promise<Latency> {
  const times: number[] = [];
  for (let n = 0; n < WARM_UP + events; n += 1) {
    const arrived = client.arrived(n);
    const startedAt = performance.now();
    await Promise.all([node.emit(userId, n), arrived.then(() => times.push(performance.now() - startedAt))]);
  }
  const sorted = times.slice(WARM_UP).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
