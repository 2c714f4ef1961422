import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EventInput } from '@ws/types';
import { FakeClock } from '../../src/testing.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import { Nodes } from './nodes.ts';

const RUNS = Number(process.env['WS_MODEL_RUNS'] ?? 300);
const NODES = 2;
const VIEWS = [undefined, undefined, ['t1'], ['t1', 't2']];

const node = fc.nat(NODES - 1);
const client = fc.nat(VIEWS.length - 1);
const run = fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'r6');
const text = fc.constantFrom('a', 'bc', '"', '\\', 'é\n', 'long enough to fill a small budget soon');

const THREAD_OF: Record<string, string | undefined> = {
  r1: 't1',
  r2: 't2',
  r3: undefined,
  r4: 't3',
  r5: 't1',
  r6: 't2',
};

const event: fc.Arbitrary<EventInput> = fc.oneof(
  { weight: 4, arbitrary: run.map((id): EventInput => started(id)) },
  { weight: 8, arbitrary: fc.tuple(run, text).map(([id, delta]): EventInput => delta_('agent_thinking', id, delta)) },
  {
    weight: 4,
    arbitrary: fc.tuple(run, text).map(([id, delta]): EventInput => delta_('agent_response_chunk', id, delta)),
  },
  { weight: 2, arbitrary: fc.tuple(run, fc.nat(2)).map(([id, call]): EventInput => toolStart(id, call)) },
  { weight: 2, arbitrary: fc.tuple(run, fc.nat(2)).map(([id, call]): EventInput => toolEnd(id, call)) },
  { weight: 1, arbitrary: run.map((id): EventInput => completed(id)) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('t1', 't2', undefined), text).map(([thread, said]) => message(thread, said)),
  },
);

type Op =
  | { readonly op: 'burst'; readonly node: number; readonly event: EventInput; readonly count: number }
  | { readonly op: 'emit'; readonly node: number; readonly event: EventInput; readonly settle: boolean }
  | { readonly op: 'connect'; readonly client: number; readonly node: number; readonly batch: boolean }
  | { readonly op: 'disconnect' | 'stall' | 'unstall'; readonly client: number }
  | { readonly op: 'wait'; readonly ms: number }
  | { readonly op: 'hold' | 'release' | 'restart'; readonly node: number };

const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.record({ op: fc.constant('emit' as const), node, event, settle: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constant('burst' as const), node, event, count: fc.integer({ min: 4, max: 12 }) }),
  },
  { weight: 5, arbitrary: fc.record({ op: fc.constant('connect' as const), client, node, batch: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({ op: fc.constantFrom('disconnect' as const, 'stall' as const, 'unstall' as const), client }),
  },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('wait' as const), ms: fc.constantFrom(1, 10, 25, 30, 300) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('hold' as const, 'release' as const), node }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('restart' as const), node }) },
);

const settings = fc.record({
  coalesceMs: fc.constantFrom(0, 25),
  outboundBudgetBytes: fc.constantFrom(200, 700, 100_000),
  tailEvents: fc.constantFrom(2, 512),
  pageEvents: fc.constantFrom(2, 500),
  streamIdleMs: fc.constantFrom(0, 60_000),
  retention: fc.constantFrom({ maxEvents: 6 }, { maxEvents: 1000 }),
});

it(
  `ends with every event exactly once and in order at every client, or told reset (${RUNS} runs)`,
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(settings, fc.array(op, { minLength: 20, maxLength: 100 }), async (options, ops) => {
        const clock = new FakeClock();
        const nodes = new Nodes(clock, NODES, { ...options, retention: options.retention });
        const at = VIEWS.map(() => 0);
        const clients = VIEWS.map(
          (threads, index) => new ProtocolClient((hello) => nodes.connect(at[index] ?? 0, hello), threads),
        );
        for (const step of ops) {
          await take(step);
          for (const each of clients) each.read();
        }
        for (let index = 0; index < NODES; index += 1) nodes.release(index);
        for (const each of clients) each.unstall();
        // Whoever is behind catches up: a connection that was given up is opened again.
        for (let round = 0; round < 20; round += 1) {
          for (const each of clients) each.connect();
          await clock.advance(50);
          for (const each of clients) each.read();
          if (clients.every((each) => each.connected)) break;
        }
        clients.forEach((each, index) => check(each, VIEWS[index], nodes));

        async function take(step: Op): Promise<void> {
          switch (step.op) {
            case 'emit': {
              const emitted = nodes.emit(step.node, step.event);
              if (step.settle) await Promise.all([clock.settle(), emitted]);
              return;
            }
            case 'burst':
              for (let i = 0; i < step.count; i += 1) await nodes.emit(step.node, step.event);
              return clock.settle();
            case 'connect':
              if (clients[step.client]?.connected === false) at[step.client] = step.node;
              clients[step.client]?.connect(step.batch);
              return clock.settle();
            case 'disconnect':
            case 'stall':
            case 'unstall':
              clients[step.client]?.[step.op]();
              return clock.settle();
            case 'wait':
              return clock.advance(step.ms);
            case 'hold':
            case 'release':
              nodes[step.op](step.node);
              return clock.settle();
            case 'restart':
              clients.forEach((each, index) => {
                if (at[index] === step.node) each.disconnect();
              });
              nodes.restart(step.node);
              return;
          }
        }
      }),
      { numRuns: RUNS },
    );
  },
);

function check(client: ProtocolClient, threads: readonly string[] | undefined, { model }: Nodes): void {
  expect(client.history).toEqual(model.history(client.from, threads));
  const runs = model.runs(threads);
  for (const id of client.wholeRuns) expect([id, client.runs.get(id)]).toEqual([id, runs.get(id)]);
  if (!client.recoveries.includes('reset')) return;
  // After a reset every run that is open is known whole: from its snapshot, or from its first event.
  for (const [id, state] of runs) if (state.status === 'running') expect([...client.wholeRuns]).toContain(id);
}

function envelope(id: string): { run_id: string; thread_id?: string } {
  const thread = THREAD_OF[id];
  return { run_id: id, ...(thread === undefined ? {} : { thread_id: thread }) };
}

function started(id: string): EventInput {
  return { type: 'agent_started', ...envelope(id), payload: { agent_name: `agent of ${id}` } };
}

function delta_(type: 'agent_thinking' | 'agent_response_chunk', id: string, delta: string): EventInput {
  return { type, ...envelope(id), payload: { delta } };
}

function toolStart(id: string, call: number): EventInput {
  const payload = { tool_call_id: `c${call}`, tool_name: 'search', args: { call } };
  return { type: 'tool_executing', ...envelope(id), payload };
}

function toolEnd(id: string, call: number): EventInput {
  const payload = { tool_call_id: `c${call}`, tool_name: 'search', success: true, result: call, duration_ms: 1 };
  return { type: 'tool_completed', ...envelope(id), payload };
}

function completed(id: string): EventInput {
  return { type: 'agent_completed', ...envelope(id), payload: { status: 'completed', duration_ms: 5 } };
}

function message(thread: string | undefined, said: string): EventInput {
  const payload = { message_id: 'm1', text: said };
  return { type: 'user_message', ...(thread === undefined ? {} : { thread_id: thread }), payload };
}
