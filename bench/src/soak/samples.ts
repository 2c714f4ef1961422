import { metric, type Metrics } from '../server/metrics.ts';

/** The server at one moment. Memory in megabytes. */
export interface Sample {
  /** Seconds since the load began. */
  readonly at: number;
  readonly rssMb: number;
  readonly heapMb: number;
  /** What V8 has taken for the heap, used or not. */
  readonly heapTakenMb: number;
  /** Buffers and other memory that belongs to objects of the heap. */
  readonly externalMb: number;
  /** What the events in a memory log take, by an estimate. */
  readonly logMb: number;
  readonly connections: number;
  readonly streams: number;
  /** Event-loop lag since the sample before, in milliseconds: 99th percentile and worst. */
  readonly lagP99Ms: number;
  readonly lagMaxMs: number;
  /** Times a connection turned `lagging`. */
  readonly lagged: number;
  readonly delivered: number;
  readonly violations: number;
}

/** What is known of a moment besides the server's own figures. */
export type Surroundings = Pick<Sample, 'at' | 'logMb' | 'delivered' | 'violations'>;

export function toSample(metrics: Metrics, { at, logMb, delivered, violations }: Surroundings): Sample {
  const mb = (name: string): number => round(metric(metrics, name) / 1_048_576);
  const ms = (name: string): number => round(metric(metrics, name) * 1_000);
  return {
    at: Math.round(at),
    rssMb: mb('process_resident_memory_bytes'),
    heapMb: mb('nodejs_heap_size_used_bytes'),
    heapTakenMb: mb('nodejs_heap_size_total_bytes'),
    externalMb: mb('nodejs_external_memory_bytes'),
    logMb,
    connections: metric(metrics, 'ws_connections'),
    streams: metric(metrics, 'ws_streams_in_memory'),
    lagP99Ms: ms('nodejs_eventloop_lag_p99_seconds'),
    lagMaxMs: ms('nodejs_eventloop_lag_max_seconds'),
    lagged: metric(metrics, 'ws_connections_lagged_total'),
    delivered,
    violations,
  };
}

/** Megabytes a minute between two samples. */
export function slope(from: Sample, to: Sample, key: 'rssMb' | 'heapMb'): number {
  const minutes = (to.at - from.at) / 60;
  return minutes === 0 ? 0 : round((to[key] - from[key]) / minutes);
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
