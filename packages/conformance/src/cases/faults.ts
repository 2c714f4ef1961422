import assert from 'node:assert/strict';
import { appendNew, assertAppended, assertChain, assertFails, pause, readAll, readIds, settle } from '../checks.ts';
import type { CaseContext } from '../case-context.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import type { LogFault } from '../harness.ts';
import { sampleEvent, sampleEvents, sampleStream } from '../samples.ts';

const topic = 'faults';
const stream = sampleStream();
const LOOKS = 6;
const BETWEEN_LOOKS_MS = 250;
// Large enough that no left-over room takes it.
const BULKY = JSON.stringify({ bulk: 'x'.repeat(400_000) });

function bulkyEvents(prefix: string) {
  return sampleEvents(3, prefix).map((event) => ({ ...event, data: BULKY }));
}

/** The cases for one fault that the harness can bring about. */
export function faultCases(fault: LogFault): readonly ConformanceCase[] {
  const openFor = ({ open }: CaseContext) => open(fault.open);
  const cases: Omit<ConformanceCase, 'topic'>[] = [
    {
      name: `an append throws ${fault.code} and leaves nothing half done; afterwards appends work again`,
      run: async (context) => {
        const log = await openFor(context);
        await appendNew(log, stream, sampleEvents(2));
        await fault.inflict(log);
        await assertFails(fault.code, () => log.append(stream, bulkyEvents('bulky')));
        await fault.heal(log);
        const ids = await readIds(log, stream);
        assert.ok(ids.length === 2 || ids.length === 5, 'the append that failed is there whole or not at all');
        assertAppended(await log.append(stream, bulkyEvents('bulky')));
        assert.deepEqual(await readIds(log, stream), ['event-1', 'event-2', 'bulky-1', 'bulky-2', 'bulky-3']);
        assertChain(await readAll(log, stream), 0);
      },
    },
    {
      name: 'of many appends at once, those that were acknowledged are there and the others are not there in part',
      run: async (context) => {
        const log = await openFor(context);
        await fault.inflict(log);
        const outcomes = await Promise.all(
          Array.from({ length: 6 }, (_, n) => settle(() => log.append(stream, bulkyEvents(`batch-${n}`)))),
        );
        await fault.heal(log);
        const ids = new Set(await readIds(log, stream));
        for (const [index, outcome] of outcomes.entries()) {
          const there = bulkyEvents(`batch-${index}`).filter(({ eventId }) => ids.has(eventId)).length;
          if ('value' in outcome) assert.equal(there, 3, 'an acknowledged append is there');
          else assert.ok(there === 0 || there === 3, 'an append that failed is there whole or not at all');
        }
        assertChain(await readAll(log, stream), 0);
      },
    },
    {
      name: 'the log is not healthy while appends fail, and is again afterwards',
      run: async (context) => {
        const log = await openFor(context);
        await fault.inflict(log);
        await assertFails(fault.code, () => log.append(stream, bulkyEvents('bulky')));
        // Also when what the append took for itself is free again.
        for (let look = 0; look < LOOKS; look += 1) {
          assert.equal(await log.healthy(), false);
          await pause(BETWEEN_LOOKS_MS);
        }
        await fault.heal(log);
        assert.equal(await log.healthy(), true);
      },
    },
    {
      name: 'a trim that fails is done whole or not at all',
      run: async (context) => {
        const log = await openFor(context);
        const [first = 0] = await appendNew(log, stream, sampleEvents(3));
        const before = await log.head(stream);
        await fault.inflict(log);
        const outcome = await settle(() => log.trim(stream, first, BULKY));
        await fault.heal(log);
        const after = await log.head(stream);
        // Whether a server that fell silent did what it was asked is not known: then it may be done, but not by half.
        if ('error' in outcome && after.oldest === before.oldest) assert.deepEqual(after, before);
        else assert.deepEqual([after.oldest > first, after.checkpoint], [true, BULKY]);
        await appendNew(log, stream, [sampleEvent('afterwards')]);
      },
    },
  ];
  return cases.map(({ name, ...rest }) => ({ topic, name: `${fault.name}: ${name}`, ...rest }));
}
