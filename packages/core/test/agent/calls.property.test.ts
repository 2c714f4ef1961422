import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryEventLog } from '../../src/index.ts';
import type { AgentCall, CallOutcome } from '../../src/internal.ts';
import { FakeClock, type FakeSocket } from '../../src/testing.ts';
import { AgentElsewhere, say, withAgentElsewhere } from '../support/agent-elsewhere.ts';
import { LogDoor } from '../support/log-door.ts';
import { framesOf, type World } from '../support/world.ts';

type Action =
  | { readonly do: 'say'; readonly node: number; readonly thread: string }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'agent'; readonly is: 'up' | 'down' | 'slow' | 'forgetful' }
  | { readonly do: 'kill'; readonly node: number; readonly append: number }
  | { readonly do: 'log'; readonly node: number; readonly isAway: boolean }
  | { readonly do: 'wait'; readonly ms: number };

const node = fc.nat(1);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('say' as const), node, thread: fc.constantFrom('t1', 't2') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('agent' as const),
      is: fc.constantFrom('up' as const, 'down' as const, 'slow' as const, 'forgetful' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill' as const), node, append: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('log' as const), node, isAway: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20_000 }) }) },
);

/** `WS_MODEL_RUNS=2000` searches for longer. */
const RUNS = Number(process.env['WS_MODEL_RUNS'] ?? 60);

const messageOf = (runId: string): string => runId.slice('run-'.length);

interface Node {
  readonly world: World;
  readonly door: LogDoor;
  tab: FakeSocket;
}

it(
  'brings an agent every message that was accepted, in the order of its thread, whatever dies in between',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 25 }), async (actions) => {
        const log = new MemoryEventLog();
        const clock = new FakeClock();
        const agent = new AgentElsewhere();
        const start = async (): Promise<Node> => {
          const door = new LogDoor(log);
          const world = withAgentElsewhere(agent, { clock, log: door, agent: { horizonMs: 36_000_000 } });
          return { world, door, tab: await world.connected('alice') };
        };
        const nodes = [await start(), await start()];
        const at = (index: number): Node => nodes[index] ?? (nodes[0] as Node);
        const accepted: { readonly id: string; readonly thread: string }[] = [];
        const cancelled = new Set<string>();
        const taken = new Set<string>();
        const take = ({ runId }: AgentCall): CallOutcome => {
          taken.add(messageOf(runId));
          return { kind: 'taken' };
        };
        agent.answer = take;
        /** By message, what the agent had when it heard of it first. */
        const takenWhen = new Map<string, ReadonlySet<string>>();
        agent.onCall = ({ type, runId }) => {
          const id = messageOf(runId);
          if (type === 'user_message' && !takenWhen.has(id)) takenWhen.set(id, new Set(taken));
        };

        for (const [n, step] of actions.entries()) {
          switch (step.do) {
            case 'say': {
              const one = at(step.node);
              // A tab that was silent for long is cut off: its user has another.
              one.tab = await one.world.connected('alice');
              const id = `m${n}`;
              await say(one.world, one.tab, id, { thread: step.thread, id });
              if (framesOf(one.tab, 'accepted').length > 0) accepted.push({ id, thread: step.thread });
              break;
            }
            case 'cancel': {
              const message = accepted[step.which];
              if (message === undefined) break;
              const manager = at(0).world.hub.manager({ userId: 'alice' });
              await Promise.race([manager.cancelRun(`run-${message.id}`).catch(() => undefined), clock.advance(100)]);
              cancelled.add(message.id);
              break;
            }
            case 'agent':
              agent.answer = {
                up: take,
                down: () => ({ kind: 'again' as const }),
                slow: () => new Promise<never>(() => undefined),
                // It has the call, and its answer is lost.
                forgetful: () => Promise.reject(new Error('ECONNRESET')),
              }[step.is];
              break;
            case 'kill': {
              const { door } = at(step.node);
              // In the middle of what it writes next, or at once.
              const last = door.appends + step.append;
              door.delay = async () => {
                if (door.appends >= last) door.kill();
              };
              await clock.advance(50);
              door.kill();
              nodes[step.node] = await start();
              break;
            }
            case 'log':
              if (step.isAway) at(step.node).door.goAway();
              else at(step.node).door.comeBack();
              break;
            case 'wait':
              await clock.advance(step.ms);
          }
        }
        for (const { door } of nodes) door.comeBack();
        agent.answer = take;
        await clock.advance(240_000);

        const heard = agent.calls.filter(({ type }) => type === 'user_message');
        const first = [...new Set(heard.map(({ runId }) => messageOf(runId)))];
        for (const { id } of accepted) if (!cancelled.has(id)) expect(first).toContain(id);
        // None is heard before the agent has those that were said before it in the thread.
        for (const { thread, id } of accepted) {
          const before = accepted.slice(
            0,
            accepted.findIndex((message) => message.id === id),
          );
          const missing = before.filter((message) => message.thread === thread && !cancelled.has(message.id));
          const had = takenWhen.get(id);
          if (had !== undefined) expect([...had]).toEqual(expect.arrayContaining(missing.map((message) => message.id)));
        }
        // The same message is always the same call.
        expect(new Set(heard.map(({ callId }) => callId)).size).toBe(first.length);
        for (const { world } of nodes) expect(world.hub.stats().waitingCalls).toBe(0);
      }),
      { numRuns: RUNS },
    );
  },
  60_000 + RUNS * 200,
);
