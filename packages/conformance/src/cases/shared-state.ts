import assert from 'node:assert/strict';
import type { EventLog, Hub } from '@ws/core';
import type { Authentication } from '@ws/core/internal';
import type { SharedState } from '@ws/core/log';
import type { CaseContext } from '../case-context.ts';
import { eventually, pause } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { Tab } from '../hubs/tab.ts';
import { withHubs } from '../hubs/with-hubs.ts';

const LIFE_MS = 10_000;
const SETTLE_MS = 300;
const REPLACED = 4509;
const REVOKED = 4501;
const EXPIRED = 4001;

function sharedOf(log: EventLog): SharedState {
  assert.ok(log.shared !== undefined, 'the log has no `shared`: say so with `sharesState: false`');
  return log.shared;
}

/** A tab that is younger than every one before. */
async function openTab(hub: Hub): Promise<Tab> {
  const tab = await Tab.open(hub);
  await pause(2);
  return tab;
}

/** Two hubs on one storage, with room for two connections of a user. */
async function withTwo({ open, another }: CaseContext, run: (a: Hub, b: Hub) => Promise<void>): Promise<void> {
  const log = await open();
  await withHubs([log, await another(log)], { limits: { connectionsPerUser: 2 } }, async (hubs) => {
    const [a, b] = hubs as readonly [Hub, Hub];
    await run(a, b);
  });
}

const cases: readonly Pick<ConformanceCase, 'name' | 'run'>[] = [
  {
    name: 'a ticket is taken once, by whichever process is first',
    run: async ({ open, another }) => {
      const log = await open();
      const processes = [log, await another(log), await another(log)].map(sharedOf);
      await processes[0]?.tickets.put('key', 'alice', LIFE_MS);
      const taken = await Promise.all(
        Array.from({ length: 30 }, async (_, index) => processes[index % 3]?.tickets.take('key')),
      );
      assert.deepEqual(
        taken.filter((value) => value !== undefined),
        ['alice'],
      );
    },
  },
  {
    name: 'a ticket that was never put, or lapsed, is not there',
    run: async ({ open, another }) => {
      const log = await open();
      const [one, two] = [sharedOf(log), sharedOf(await another(log))];
      assert.equal(await one.tickets.take('nowhere'), undefined);
      await one.tickets.put('short', 'alice', 20);
      await one.tickets.put('long', 'bob', LIFE_MS);
      await pause(60);
      assert.deepEqual([await two.tickets.take('short'), await two.tickets.take('long')], [undefined, 'bob']);
    },
  },
  {
    name: 'a ticket outlives the process that put it, and its key can be used again',
    run: async ({ open, another }) => {
      const log = await open();
      const issuer = await another(log);
      await sharedOf(issuer).tickets.put('a/key.with *marks>', 'alice', LIFE_MS);
      await issuer.close();
      const { tickets } = sharedOf(log);
      assert.equal(await tickets.take('a/key.with *marks>'), 'alice');
      await tickets.put('a/key.with *marks>', 'bob', LIFE_MS);
      assert.equal(await tickets.take('a/key.with *marks>'), 'bob');
    },
  },
  {
    name: 'a ticket brings its expiry into another process, whose connection is warned and closed by it',
    run: (context) =>
      withTwo(context, async (a, b) => {
        const threads = Array.from({ length: 100 }, (_, n) => `thread-${n}`);
        const granted: Authentication = {
          userId: 'alice',
          issuedAt: Date.now(),
          expiresAt: Date.now() + 1_000,
          threads,
        };
        await a.tickets.put('granted', JSON.stringify(granted), LIFE_MS);
        const taken = await b.tickets.take('granted');
        assert.equal(taken, JSON.stringify(granted));
        // What was put is what was taken, by the line above.
        const tab = await Tab.open(b, undefined, JSON.parse(taken) as Authentication);
        await eventually(() => assert.equal(tab.isWarned, true));
        await eventually(() => assert.equal(tab.closed, EXPIRED));
      }),
  },
  {
    name: 'over the limit the oldest connection goes, in whatever process it is',
    run: (context) =>
      withTwo(context, async (a, b) => {
        const tabs = [await openTab(a), await openTab(b), await openTab(b), await openTab(a)];
        await eventually(() => assert.deepEqual([tabs[0]?.closed, tabs[1]?.closed], [REPLACED, REPLACED]));
        await pause(SETTLE_MS);
        assert.deepEqual([tabs[2]?.closed, tabs[3]?.closed], [undefined, undefined]);
      }),
  },
  {
    name: 'a connection that was closed makes room, also with its whole process',
    run: async (context) => {
      const log = await context.open();
      await withHubs([log], { limits: { connectionsPerUser: 2 } }, async (hubs) => {
        const [hub] = hubs as readonly [Hub];
        await withHubs([await context.another(log)], { limits: { connectionsPerUser: 2 } }, async (others) => {
          const [other] = others as readonly [Hub];
          await openTab(other);
          const left = await openTab(hub);
          left.leave();
          const stays = await openTab(hub);
          await pause(SETTLE_MS);
          assert.equal(stays.closed, undefined);
          stays.leave();
        });
        const tabs = [await openTab(hub), await openTab(hub)];
        await pause(SETTLE_MS);
        assert.deepEqual(
          tabs.map(({ closed }) => closed),
          [undefined, undefined],
        );
      });
    },
  },
  {
    name: 'a revocation closes the connections of a user in every process, and none is opened after',
    run: (context) =>
      withTwo(context, async (a, b) => {
        const tabs = [await openTab(a), await openTab(b)];
        await a.revoke({ userId: 'alice', expiresAt: Date.now() + LIFE_MS });
        await eventually(() =>
          assert.deepEqual(
            tabs.map(({ closed }) => closed),
            [REVOKED, REVOKED],
          ),
        );
        assert.equal(await b.isRevoked({ userId: 'alice' }), true);
      }),
  },
];

/** What processes share besides streams. */
export const sharedStateCases: readonly ConformanceCase[] = cases.map((each) => ({
  topic: 'shared state',
  needs: 'another',
  needsTellsOtherHandles: true,
  needsSharesState: true,
  ...each,
}));
