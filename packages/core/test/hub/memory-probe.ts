// Users come, use the hub and go, in waves; prints as JSON what is left of them. Run by `memory.test.ts`, or by hand:
//   node --expose-gc --no-flush-bytecode --conditions=@ws/source packages/core/test/hub/memory-probe.ts 1000000
import { createHub } from '../../src/index.ts';
import { FakeClock } from '../../src/testing.ts';
import { ForgetfulLog } from '../support/forgetful-log.ts';
import { USER_KINDS, visit } from '../support/visitors.ts';

/** What a probe prints. Memory is the heap in use after a full collection, in megabytes. */
export interface MemoryFigures {
  readonly users: number;
  readonly seconds: number;
  /** After the warm-up, with nobody there. */
  readonly beforeMb: number;
  /** With one wave of users there: shows that the measure sees what the hub holds. */
  readonly heldMb: number;
  /** When everybody has come and gone. */
  readonly afterMb: number;
  readonly waveUsers: number;
  /** What is left at the end. */
  readonly left: { readonly streams: number; readonly connections: number; followed: number; leases: number };
  readonly interrupted: number;
  readonly appended: number;
  readonly errors: readonly string[];
}

const WAVE = 1_000;
const WARM_UP_WAVES = 3;
/** Longer than every time limit below: whoever was left alone is gone by then. */
const AFTER_A_WAVE_MS = 10_000;

async function probe(users: number): Promise<MemoryFigures> {
  const startedAt = performance.now();
  const clock = new FakeClock();
  const log = new ForgetfulLog();
  const errors: string[] = [];
  const hub = createHub({
    clock,
    log,
    tuning: {
      heapShare: () => 0,
      helloTimeoutMs: 1_000,
      heartbeatMs: 1_000,
      streamIdleMs: 3_000,
      runLeaseMs: 750,
      publisherLeaseMs: 1_000,
      cancelGraceMs: 500,
    },
    onUserMessage: async (message) => {
      const { runId, threadId, manager } = message;
      await using run = await manager.startRun({ agentName: 'agent', runId, threadId });
      await run.complete();
    },
    onError: (error) => errors.push(String(error)),
  });

  let next = 0;
  let heldMb = 0;
  const wave = async (size: number, measure = false): Promise<void> => {
    const first = next;
    next += size;
    const stays = await Promise.all(Array.from({ length: size }, (_, n) => visit(hub, clock, first + n)));
    await clock.settle();
    if (measure) heldMb = await heapMb();
    for (const { leave } of stays) leave();
    await clock.advance(AFTER_A_WAVE_MS);
  };

  for (let n = 0; n < WARM_UP_WAVES; n += 1) await wave(WAVE);
  const beforeMb = await heapMb();
  const warmUp = next;
  while (next - warmUp < users) await wave(Math.min(WAVE, users - (next - warmUp)), next === warmUp);
  const afterMb = await heapMb();

  const { streams, connections, interrupted, appended } = hub.stats();
  const left = { streams, connections, followed: log.followed, leases: log.openLeases };
  await hub.close();
  const seconds = Math.round(performance.now() - startedAt) / 1_000;
  return { users, seconds, beforeMb, heldMb, afterMb, waveUsers: WAVE, left, interrupted, appended, errors };
}

async function heapMb(): Promise<number> {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  // What only a finaliser lets go of is free one turn later, and collected the next time.
  for (let n = 0; n < 5; n += 1) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return Math.round(process.memoryUsage().heapUsed / 10_485.76) / 100;
}

const users = Number(process.argv[2] ?? 20_000);
if (!Number.isSafeInteger(users) || users < WAVE || users % USER_KINDS !== 0) {
  throw new Error(`the number of users has to be a multiple of ${USER_KINDS}, of at least ${WAVE}`);
}
console.log(JSON.stringify(await probe(users)));
