import assert from 'node:assert/strict';
import type { Hub, HubOptions } from '@ws/core';
import type { RemoteAgent } from '@ws/core/internal';
import { toRunId } from '@ws/types';
import type { CaseContext } from '../case-context.ts';
import { eventually, pause } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { note, Tab, USER } from '../hubs/tab.ts';
import { withHubs } from '../hubs/with-hubs.ts';
import { sampleStream } from '../samples.ts';

const SETTLE_MS = 100;
const LEASE_MS = 600;

/** Two hubs on one storage, each with a tab of the same user. */
async function withTwo(
  { open, another }: CaseContext,
  run: (hubs: readonly [Hub, Hub], tabs: readonly [Tab, Tab]) => Promise<void>,
  options: HubOptions = {},
): Promise<void> {
  const log = await open();
  await withHubs([log, await another(log)], options, async (hubs) => {
    const [a, b] = hubs as readonly [Hub, Hub];
    await run([a, b], [await Tab.open(a), await Tab.open(b)]);
  });
}

const cases: readonly Pick<ConformanceCase, 'name' | 'run'>[] = [
  {
    name: 'an event emitted in one reaches a connection of the other, with the same number',
    run: (context) =>
      withTwo(context, async ([a], [, tab]) => {
        const { epoch, offset } = await a.manager(USER).emit(note(1));
        await eventually(() => assert.equal(tab.events.length, 1));
        assert.deepEqual([tab.ready?.epoch, tab.events[0]?.offset, tab.notes], [epoch, offset, [1]]);
      }),
  },
  {
    name: 'events emitted in both at once are one sequence for everybody, without a gap',
    run: (context) =>
      withTwo(context, async (hubs, tabs) => {
        const emitted = Array.from({ length: 120 }, async (_, n) =>
          (hubs[n % 2] ?? hubs[0]).manager(USER).emit(note(n)),
        );
        await Promise.all(emitted);
        await eventually(() => tabs.forEach((tab) => assert.equal(tab.events.length, 120)));
        assert.deepEqual(tabs[0].events, tabs[1].events);
        let before = 0;
        for (const { offset, prev = offset - 1 } of tabs[0].events) {
          assert.equal(prev, before);
          before = offset;
        }
      }),
  },
  {
    name: 'cancelling in one stops a run of the other: its signal is aborted, and it ends once',
    run: (context) =>
      withTwo(context, async ([, b], [tab]) => {
        const run = await b.manager(USER).startRun({ agentName: 'analyst' });
        await run.emit('tool_executing', { tool_call_id: 'call-1', tool_name: 'search', args: {} });
        await eventually(() => assert.equal(tab.events.length, 2));
        tab.say({ type: 'cancel_run', run_id: run.runId });
        await eventually(() => assert.equal(run.signal.aborted, true));
        await eventually(() => assert.ok(tab.types.includes('agent_completed')), 10_000);
        await pause(SETTLE_MS);
        assert.deepEqual(tab.types, ['agent_started', 'tool_executing', 'tool_completed', 'agent_completed']);
        assert.equal((tab.events.at(-1)?.payload as { status: string }).status, 'cancelled');
      }),
  },
  {
    name: 'an approval asked for in one is given in the other',
    run: (context) =>
      withTwo(context, async ([, b], [tab]) => {
        const run = await b.manager(USER).startRun({ agentName: 'analyst' });
        const decision = run.requestApproval({ toolCallId: 'call-1', toolName: 'drop', args: {}, timeoutMs: 10_000 });
        await eventually(() => assert.ok(tab.types.includes('tool_approval_requested')));
        tab.say({ type: 'tool_approval', run_id: run.runId, tool_call_id: 'call-1', approved: true });
        assert.equal((await decision).approved, true);
        await run.complete();
      }),
  },
  {
    name: 'what a user says in either reaches an agent elsewhere once, and in the order of its thread',
    run: async (context) => {
      const heard: unknown[] = [];
      const deliver: RemoteAgent['deliver'] = async ({ payload }) => {
        heard.push(payload['text']);
        await pause(10);
        // Every third call fails once.
        return { kind: heard.length % 3 === 0 ? 'again' : 'taken' };
      };
      const agent: RemoteAgent = { deliver, random: () => 0 };
      await withTwo(
        context,
        async (hubs, tabs) => {
          const texts = Array.from({ length: 12 }, (_, n) => `said ${n}`);
          for (const [n, text] of texts.entries()) {
            tabs[n % 2 === 0 ? 0 : 1].say({
              ...{ type: 'user_message', message_id: `m${n}`, thread_id: 't1' },
              payload: { text },
            });
            await eventually(() => assert.equal(tabs[0].events.length, n + 1));
          }
          await eventually(() => {
            for (const hub of hubs) assert.equal(hub.stats().waitingCalls, 0);
          }, 10_000);
          assert.deepEqual([...new Set(heard)], texts);
          assert.equal(heard.length, texts.length + hubs.reduce((sum, hub) => sum + hub.stats().callsRetried, 0));
        },
        { agent },
      );
    },
  },
  {
    name: 'an agent that fetches is handed each call by one of them, and acknowledges it to the other',
    run: (context) =>
      withTwo(
        context,
        async (hubs, [tab]) => {
          const claims = hubs.map(({ agentCalls }) => agentCalls?.claims ?? assert.fail());
          const threads = ['t1', 't2', 't3', 't4'];
          for (const id of threads) {
            tab.say({ type: 'user_message', message_id: id, thread_id: id, payload: { text: id } });
          }
          const handed: string[] = [];
          await eventually(async () => {
            const taken = await Promise.all(claims.map(async (one) => one.claim({ limit: 3, holdMs: 60_000 })));
            for (const [n, { claimId, calls }] of taken.entries()) {
              handed.push(...calls.map(({ threadId = '' }) => threadId));
              const ids = calls.map(({ callId }) => callId);
              const { lost } = (await claims[1 - n]?.acknowledge(claimId, ids)) ?? assert.fail();
              assert.deepEqual(lost, []);
            }
            assert.equal(handed.length, threads.length);
          });
          assert.deepEqual(handed.toSorted(), threads);
          await eventually(() => {
            for (const hub of hubs) assert.equal(hub.stats().waitingCalls, 0);
          });
        },
        { agent: {} },
      ),
  },
  {
    name: 'an event_id that comes again is the same event only with the same content, in whichever hub',
    run: (context) =>
      withTwo(context, async ([a, b], tabs) => {
        const { offset } = await a.manager(USER).emit({ ...note(1), event_id: 'e1' });
        const again = await b.manager(USER).emit({ ...note(1), event_id: 'e1' });
        assert.deepEqual([again.offset, again.duplicate], [offset, true]);
        await assert.rejects(b.manager(USER).emit({ ...note(2), event_id: 'e1' }), { code: 'ID_CONFLICT' });
        await eventually(() => tabs.forEach((tab) => assert.deepEqual(tab.notes, [1])));
      }),
  },
  {
    name: 'the last run of a thread is known to all, also to one that starts after its events were trimmed',
    run: async (context) => {
      const log = await context.open();
      const options: HubOptions = { retention: { maxEvents: 10 } };
      await withHubs([log, await context.another(log)], options, async ([a = assert.fail(), b = assert.fail()]) => {
        const run = await a.manager(USER).startRun({ agentName: 'analyst', threadId: 't1' });
        const { epoch, offset: lastOffset } = await run.complete();
        const firstOffset = (await a.manager(USER).history()).events[0]?.offset;
        const last = { runId: run.runId, threadId: 't1', status: 'completed', epoch, firstOffset, lastOffset };
        await eventually(async () => assert.deepEqual(await b.manager(USER).lastRun('t1'), last));
        for (let n = 0; n < 6; n += 1) {
          await b.manager(USER).emitAll(Array.from({ length: 100 }, (_, index) => note(100 * n + index)));
        }
        await eventually(async () => assert.ok((await b.manager(USER).history()).oldestOffset > lastOffset));
        await withHubs([await context.another(log)], options, async ([late = assert.fail()]) => {
          for (const hub of [a, b, late]) assert.deepEqual(await hub.manager(USER).lastRun('t1'), last);
        });
      });
    },
  },
  {
    name: 'an approval that a publisher asked for lapses once, also where the process that took the request is gone',
    run: async (context) => {
      const log = await context.open();
      const dying = await context.another(log);
      await withHubs([dying], { onError: () => undefined }, async ([gone]) => {
        await gone?.manager(USER).emit({ type: 'agent_started', run_id: 'r1', payload: { agent_name: 'analyst' } });
        const payload = { tool_call_id: 'call-1', tool_name: 'drop', args: {}, expires_at: Date.now() + LEASE_MS };
        await gone?.manager(USER).emit({ type: 'tool_approval_requested', run_id: 'r1', payload });
        await dying.close();
        await withHubs([log, await context.another(log)], {}, async (hubs) => {
          const tabs = await Promise.all(hubs.map((hub) => Tab.open(hub)));
          await eventually(
            () => tabs.forEach((tab) => assert.deepEqual(tab.types, ['tool_approval_resolved'])),
            10_000,
          );
          await pause(LEASE_MS);
          for (const { events } of tabs) {
            assert.equal(events.length, 1);
            assert.equal(events[0]?.payload['approved'], false);
          }
        });
      });
    },
  },
  {
    name: 'a run whose process is gone is ended as interrupted by the others, once',
    run: async (context) => {
      const log = await context.open();
      const options: HubOptions = { tuning: { runLeaseMs: LEASE_MS }, onError: () => undefined };
      const dying = await context.another(log);
      await withHubs([dying], options, async ([gone]) => {
        const run = await gone?.manager(USER).startRun({ agentName: 'analyst' });
        // From here on it can neither renew its lease nor end the run.
        await dying.close();
        await withHubs([log, await context.another(log)], options, async (hubs) => {
          const tabs = await Promise.all(hubs.map((hub) => Tab.open(hub)));
          await eventually(() => tabs.forEach((tab) => assert.deepEqual(tab.types, ['agent_completed'])), 10_000);
          await pause(LEASE_MS);
          for (const tab of tabs) {
            assert.deepEqual(tab.types, ['agent_completed']);
            const [event] = tab.events;
            assert.deepEqual([event?.run_id, event?.payload['status']], [run?.runId, 'interrupted']);
          }
        });
      });
    },
  },
  ...[false, true].map((isInMemory) => ({
    name: `a run whose process is gone, and whose lease the log lost, is ended by the others${isInMemory ? ', who had it in memory' : ''}`,
    run: async (context: CaseContext) => {
      const log = await context.open();
      const options: HubOptions = {
        tuning: { runLeaseMs: LEASE_MS, publisherLeaseMs: LEASE_MS },
        onError: () => undefined,
      };
      const dying = await context.another(log);
      await withHubs([dying], options, async ([gone]) => {
        const run = await gone?.manager(USER).startRun({ agentName: 'analyst' });
        await withHubs([log], options, async ([living = assert.fail()]) => {
          const early = isInMemory ? await Tab.open(living) : undefined;
          await dying.close();
          await log.leases.delete([{ stream: sampleStream(USER.userId), runId: run?.runId ?? assert.fail() }]);
          const tab = early ?? (await Tab.open(living));
          await eventually(() => assert.ok(tab.types.includes('agent_completed')), 10_000);
          assert.equal(tab.events.at(-1)?.payload['status'], 'interrupted');
        });
      });
    },
  })),
  ...[false, true].map((isInMemory) => ({
    name: `a message whose run has not begun, whose process is gone, and whose lease the log lost, is ended by the others${isInMemory ? ', who had it in memory' : ''}`,
    run: async (context: CaseContext) => {
      const log = await context.open();
      const options: HubOptions = {
        tuning: { runLeaseMs: LEASE_MS, publisherLeaseMs: LEASE_MS },
        onError: () => undefined,
      };
      const dying = await context.another(log);
      const onUserMessage = () => new Promise<void>(() => undefined);
      await withHubs([dying], { ...options, onUserMessage }, async ([gone = assert.fail()]) => {
        await withHubs([log], options, async ([living = assert.fail()]) => {
          const early = isInMemory ? await Tab.open(living) : undefined;
          const asking = await Tab.open(gone);
          asking.say({ type: 'user_message', message_id: 'm1', payload: { text: 'hi' } });
          await eventually(() => assert.ok(asking.types.includes('user_message')));
          await dying.close();
          await log.leases.delete([{ stream: sampleStream(USER.userId), runId: toRunId('run-m1') }]);
          const tab = early ?? (await Tab.open(living));
          await eventually(() => assert.ok(tab.types.includes('agent_completed')), 10_000);
          const { run_id, payload } = tab.events.at(-1) ?? assert.fail();
          assert.deepEqual([run_id, payload['status']], ['run-m1', 'interrupted']);
        });
      });
    },
  })),
];

/** What processes that share a storage are for: hubs on it are one to their users. */
export const severalHubsCases: readonly ConformanceCase[] = cases.map((each) => ({
  topic: 'several hubs',
  needs: 'another',
  needsTellsOtherHandles: true,
  ...each,
}));
