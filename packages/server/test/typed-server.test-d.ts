import { MemoryEventLog, type TypedHub } from '@ws/core';
import { expectTypeOf, test } from 'vitest';
import { createServer, type Server } from '../src/index.ts';

interface Events {
  readonly report_ready: { readonly pages: number };
}

test('a server of the events of one program', () => {
  const server = createServer<Events>({
    log: new MemoryEventLog(),
    onUserMessage: async ({ runId, manager }) => {
      await using run = await manager.startRun({ agentName: 'writer', runId });
      await run.emit('report_ready', { pages: 3 });
      // @ts-expect-error pages is a number
      await run.emit('report_ready', { pages: 'three' });
    },
  });
  expectTypeOf(server).resolves.toExtend<Server>();
  expectTypeOf(server).resolves.toHaveProperty('hub').toExtend<TypedHub<Events>>();
  expectTypeOf(createServer({ log: new MemoryEventLog() })).resolves.toEqualTypeOf<Server>();
});
