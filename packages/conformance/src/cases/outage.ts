import assert from 'node:assert/strict';
import type { EventLog, Hub } from '@ws/core';
import type { CaseContext } from '../case-context.ts';
import { eventually, pause } from '../checks.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import type { LogFault, LogLoss } from '../harness.ts';
import { Emitter } from '../hubs/emitter.ts';
import { note, Tab, USER } from '../hubs/tab.ts';
import { withHubs } from '../hubs/with-hubs.ts';

const topic = 'outage';
/** Time to emit before, during and after. */
const WHILE_MS = 200;
const CHANGES_WITHIN_MS = 20_000;
const REVOKED = 4501;
const HOUR_MS = 3_600_000;

/** Hubs on one storage: two, where their log is made for it. */
async function onStorage({ capabilities, another }: CaseContext, log: EventLog): Promise<readonly EventLog[]> {
  return capabilities.tellsOtherHandles ? [log, await another(log)] : [log];
}

async function untilMode(hubs: readonly Hub[], mode: string): Promise<void> {
  await eventually(() => hubs.forEach((hub) => assert.equal(hub.mode, mode)), CHANGES_WITHIN_MS);
}

/** A fault below a hub that has work: nobody loses anything, and nobody notices more than a delay. */
export function outageCases(fault: LogFault): readonly ConformanceCase[] {
  // Any other fault is the emitter's to know at once.
  if (fault.code !== 'LOG_UNAVAILABLE' && fault.code !== 'LOG_FULL') return [];
  return [
    {
      topic,
      name: `${fault.name}: hubs under load are degraded and back; all was accepted, in one order, and nobody is reset`,
      run: async (context) => {
        const log = await context.open(fault.open);
        const modes: string[] = [];
        const options = { onModeChange: (mode: string) => void modes.push(mode), onError: () => undefined };
        await withHubs(await onStorage(context, log), options, async (hubs) => {
          const tabs = await Promise.all(hubs.map((hub) => Tab.open(hub)));
          const emitter = new Emitter(hubs);
          await pause(WHILE_MS);
          await fault.inflict(log);
          await untilMode(hubs, 'degraded');
          for (const hub of hubs) assert.equal((await hub.health()).ready, false);
          await pause(WHILE_MS);
          await fault.heal(log);
          await untilMode(hubs, 'unified');
          await pause(WHILE_MS);
          await emitter.stop();
          assert.deepEqual(emitter.refused, []);
          assert.equal(new Set(emitter.accepted.map(({ epoch }) => epoch)).size, 1);
          const { inOrder } = emitter;
          await eventually(() => tabs.forEach((tab) => assert.equal(tab.events.length, inOrder.length)));
          for (const tab of tabs) assert.deepEqual([tab.closed, tab.notes], [undefined, inOrder]);
          assert.deepEqual(new Set(modes), new Set(['degraded', 'unified']));
        });
      },
    },
    {
      topic,
      name: `${fault.name}: a revocation has effect in its process at once, and in all when the log is back`,
      run: async (context) => {
        const log = await context.open(fault.open);
        await withHubs(await onStorage(context, log), { onError: () => undefined }, async (hubs) => {
          const [first, last] = [hubs[0], hubs.at(-1)] as readonly [Hub, Hub];
          const [here, there] = [await Tab.open(first), await Tab.open(last)];
          await fault.inflict(log);
          // So that the log's own way to say so is not part of the case: a bulky event has no room and gets no answer.
          const held = first.manager({ userId: 'bob' }).emit(note(0, 400_000));
          await untilMode([first], 'degraded');
          const revoked = await first.revoke({ userId: USER.userId, expiresAt: Date.now() + HOUR_MS });
          assert.equal(revoked.written, false);
          assert.equal(here.closed, REVOKED);
          assert.equal(await first.isRevoked(USER), true);
          await fault.heal(log);
          await eventually(() => assert.equal(there.closed, REVOKED), CHANGES_WITHIN_MS);
          await eventually(() => assert.equal(first.stats().unwrittenRevocations, 0), CHANGES_WITHIN_MS);
          assert.equal(await last.isRevoked(USER), true);
          await held;
        });
      },
    },
  ];
}

/** The storage comes back empty. */
export function lossCases(loss: LogLoss): readonly ConformanceCase[] {
  return [
    {
      topic,
      name: `${loss.name}: a new epoch begins, clients are told reset, and what is accepted from then on is whole`,
      run: async (context) => {
        const log = await context.open(loss.open);
        await withHubs(await onStorage(context, log), { onError: () => undefined }, async (hubs) => {
          const tabs = await Promise.all(hubs.map((hub) => Tab.open(hub)));
          const before = await hubs[0]?.manager(USER).emit(note(0));
          await eventually(() => tabs.forEach((tab) => assert.equal(tab.events.length, 1)));
          const emitter = new Emitter(hubs);
          await pause(WHILE_MS);
          await loss.inflict(log);
          await pause(WHILE_MS);
          await loss.heal(log);
          await eventually(() => tabs.forEach((tab) => assert.equal(tab.closed, 1012)), CHANGES_WITHIN_MS);
          await untilMode(hubs, 'unified');
          await pause(WHILE_MS);
          await emitter.stop();
          assert.deepEqual(emitter.refused, []);

          const back = await Promise.all(hubs.map((hub, index) => Tab.open(hub, tabs[index]?.position)));
          for (const tab of back) assert.equal(tab.ready?.recovery, 'reset');
          const [epoch] = new Set(back.map((tab) => tab.ready?.epoch));
          assert.notEqual(epoch, before?.epoch);
          const accepted = emitter.accepted.filter((one) => one.epoch === epoch);
          assert.ok(accepted.length > 0, 'events are accepted in the new epoch');
          await eventually(() => {
            for (const tab of back) {
              const seen = new Set(tab.notes);
              assert.deepEqual(
                accepted.filter(({ n }) => !seen.has(n)),
                [],
              );
            }
          });
          assert.deepEqual(back[0]?.events, back.at(-1)?.events);
        });
      },
    },
    {
      topic,
      name: `${loss.name}: revocations are written again by a process that remembers them`,
      needs: 'another',
      run: async (context) => {
        const log = await context.open(loss.open);
        await withHubs([log], { onError: () => undefined }, async (hubs) => {
          const [hub] = hubs as readonly [Hub];
          await hub.revoke({ userId: 'mallory', expiresAt: Date.now() + HOUR_MS });
          const emitter = new Emitter(hubs);
          await pause(WHILE_MS);
          await loss.inflict(log);
          await pause(WHILE_MS);
          await loss.heal(log);
          await untilMode(hubs, 'unified');
          await emitter.stop();
          // A process that remembers nothing finds it in the log.
          await withHubs([await context.another(log)], {}, async ([late]) => {
            await eventually(
              async () => assert.equal(await late?.isRevoked({ userId: 'mallory' }), true),
              CHANGES_WITHIN_MS,
            );
          });
        });
      },
    },
  ];
}
