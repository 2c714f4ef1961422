import { Counter, Gauge, Histogram, Registry, type Aggregator } from '@prometheus-io/client';
import { describe, expect, it } from 'vitest';
import { PoolMetrics, type MeasuredWorker } from '../../src/workers/pool-metrics.ts';
import { Questions } from '../../src/workers/questions.ts';

/** A worker with metrics of its own, as those of the service are. */
class Measured implements MeasuredWorker {
  readonly registry = new Registry();
  readonly events = new Counter({ name: 'events_total', help: 'e', labelNames: ['kind'], registers: [this.registry] });
  readonly times = new Histogram({ name: 'time_seconds', help: 't', buckets: [1, 2], registers: [this.registry] });
  readonly open = this.#gauge('open', 'sum');
  readonly behind = this.#gauge('behind_max', 'max');
  readonly reachable = this.#gauge('reachable', 'min');
  silent = false;

  async metrics() {
    return this.silent ? undefined : structuredClone(await this.registry.getMetricsAsJSON());
  }

  #gauge(name: string, aggregator: Aggregator): Gauge {
    return new Gauge({ name, help: 'g', aggregator, registers: [this.registry] });
  }
}

function poolOfTwo() {
  const pool = new PoolMetrics();
  const workers = [new Measured(), new Measured()] as const;
  for (const worker of workers) pool.join(worker);
  workers[0].events.inc({ kind: 'a' }, 3);
  workers[1].events.inc({ kind: 'a' }, 4);
  workers[1].events.inc({ kind: 'b' }, 1);
  workers[0].times.observe(0.5);
  workers[1].times.observe(1.5);
  workers.forEach((worker, n) => {
    worker.open.set(n + 1);
    worker.behind.set(10 * (n + 1));
    worker.reachable.set(n);
  });
  return { pool, workers };
}

async function lines(pool: PoolMetrics): Promise<readonly string[]> {
  return (await pool.page()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('the metrics of several workers', () => {
  it('are added up: each gauge in the way that makes sense of it', async () => {
    const { pool } = poolOfTwo();
    expect(await lines(pool)).toEqual([
      'events_total{kind="a"} 7',
      'events_total{kind="b"} 1',
      'time_seconds_bucket{le="1"} 1',
      'time_seconds_bucket{le="2"} 2',
      'time_seconds_bucket{le="+Inf"} 2',
      'time_seconds_sum 2',
      'time_seconds_count 2',
      'open 3',
      'behind_max 20',
      'reachable 0',
    ]);
  });

  it('keep what a worker counted that is gone, and not what it held', async () => {
    const { pool, workers } = poolOfTwo();
    await pool.page();
    pool.leave(workers[1]);
    pool.leave(workers[1]);
    const another = new Measured();
    pool.join(another);
    another.events.inc({ kind: 'a' }, 10);
    another.reachable.set(1);
    const page = await lines(pool);
    expect(page).toContain('events_total{kind="a"} 17');
    expect(page).toContain('events_total{kind="b"} 1');
    expect(page).toContain('time_seconds_count 2');
    expect(page).toContain('open 1');
    expect(page).toContain('behind_max 10');
  });

  it('take the last word of a worker that does not answer', async () => {
    const { pool, workers } = poolOfTwo();
    await pool.page();
    workers[1].silent = true;
    workers[0].events.inc({ kind: 'a' });
    expect(await lines(pool)).toContain('events_total{kind="a"} 8');
  });
});

describe('questions', () => {
  it('are answered, or given up: in time, or because nobody is left to answer', async () => {
    const questions = new Questions<string>(60_000);
    const sent: number[] = [];
    const answers = [questions.ask((id) => sent.push(id)), questions.ask((id) => sent.push(id))];
    questions.answered(sent[1] ?? 0, 'second');
    questions.answered(99, 'nobody asked');
    questions.giveUp();
    expect(await Promise.all(answers)).toEqual([undefined, 'second']);
    expect(await new Questions<string>(1).ask(() => undefined)).toBeUndefined();
  });
});
