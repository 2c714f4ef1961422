import { describe, expect, it, vi } from 'vitest';
import { createLogger } from '@ws/server/src/observe/logger.ts';
import { WorkerPool, type PoolWorker } from '../../src/workers/worker-pool.ts';

class FakeWorker implements PoolWorker {
  readonly signals: string[] = [];
  listens: () => void = () => undefined;
  ends: (code: number | null, signal?: string) => void = () => undefined;

  onListening(listener: (url: string) => void): void {
    this.listens = () => listener('http://127.0.0.1:1');
  }

  onExit(listener: (code: number | null, signal: string | null) => void): void {
    this.ends = (code, signal) => listener(code, signal ?? null);
  }

  kill(signal: NodeJS.Signals): void {
    this.signals.push(signal);
  }
}

function poolOf(count: number) {
  const workers: FakeWorker[] = [];
  const waits: number[] = [];
  let now = 0;
  const pool = new WorkerPool({
    count,
    logger: createLogger('silent'),
    start: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
    after: (ms, task) => {
      waits.push(ms);
      now += ms;
      task();
    },
    now: () => now,
  });
  const onEnd = vi.fn<(code: number) => void>();
  const ready = pool.run(onEnd);
  const pass = (ms: number): void => {
    now += ms;
  };
  return { pool, workers, waits, onEnd, ready, pass };
}

describe('a pool of workers', () => {
  it('is ready when all listen, and ends when all have drained', async () => {
    const { pool, workers, onEnd, ready } = poolOf(2);
    for (const worker of workers) worker.listens();
    expect(await ready).toBe('http://127.0.0.1:1');
    pool.stop();
    expect(workers.map(({ signals }) => signals)).toEqual([['SIGTERM'], ['SIGTERM']]);
    workers[0]?.ends(0);
    expect(onEnd).not.toHaveBeenCalled();
    workers[1]?.ends(0);
    expect(onEnd.mock.calls).toEqual([[0]]);
  });

  it('replaces a worker that crashes, each time after a longer wait, and soon again after a quiet time', () => {
    const { workers, waits, pass } = poolOf(2);
    for (const worker of workers) worker.listens();
    for (let n = 0; n < 4; n += 1) workers.at(-1)?.ends(null, 'SIGKILL');
    expect(waits).toEqual([200, 400, 800, 1_600]);
    pass(60_000);
    workers.at(-1)?.ends(1);
    expect(waits.at(-1)).toBe(200);
    expect(workers).toHaveLength(7);
  });

  it('ends with a failure when a worker ends before it ever listened', () => {
    const { workers, onEnd } = poolOf(2);
    workers[0]?.ends(1);
    expect(workers[1]?.signals).toEqual(['SIGTERM']);
    workers[1]?.ends(0);
    expect(onEnd.mock.calls).toEqual([[1]]);
  });
});
