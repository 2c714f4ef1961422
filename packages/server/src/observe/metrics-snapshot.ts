import type { MetricObjectWithValues, MetricValue } from '@prometheus-io/client';

/** What the registry of one process holds, as data: it can be sent to another process, and added to that of others. */
export type MetricsSnapshot = readonly Omit<MetricObjectWithValues<MetricValue<string>>, 'collect'>[];

/** The metrics of several processes as a page for Prometheus, given those of this one. */
export type GatherMetrics = (own: () => Promise<MetricsSnapshot>) => () => Promise<string>;
