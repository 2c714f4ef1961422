/** The samples of a Prometheus page that carry no label, by name. */
export type Metrics = ReadonlyMap<string, number>;

export function parseMetrics(text: string): Metrics {
  const metrics = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^([a-z0-9_]+) (\S+)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) metrics.set(name, Number(value));
  }
  return metrics;
}

/** The value of a metric. Throws if the page does not have it: a figure that is missing must not pass for zero. */
export function metric(metrics: Metrics, name: string): number {
  const value = metrics.get(name);
  if (value === undefined) throw new Error(`the server has no metric ${name}`);
  return value;
}
