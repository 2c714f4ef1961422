import fc from 'fast-check';
import type { CaseContext } from '../case-context.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { modelActions } from '../model-actions.ts';
import { ModelRun } from '../model-run.ts';

const topic = 'model';
const RUNS = 40;

async function compareWithModel(context: CaseContext, restarts: boolean): Promise<void> {
  const property = fc.asyncProperty(modelActions({ restarts }), async (actions) => {
    const run = await ModelRun.start(context);
    for (const action of actions) await run.apply(action);
    await run.compare();
  });
  await fc.assert(property, { numRuns: RUNS });
}

export const modelCases: readonly ConformanceCase[] = [
  {
    topic,
    name: 'does what a model of ten lines does, whatever is asked of it',
    run: (context) => compareWithModel(context, false),
  },
  {
    topic,
    name: 'and so it does over restarts',
    needs: 'reopen',
    run: (context) => compareWithModel(context, true),
  },
];
