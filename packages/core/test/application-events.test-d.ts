import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import type { InferEvents, ReceivedEvent } from '@ws/types';
import { createHub, type Run, type UnifiedWebSocketManager } from '../src/index.ts';

// One declaration for both ends, from schemas of any library that speaks Standard Schema.
const events = {
  invoice_ready: v.object({ invoice_id: v.string(), cents: v.number() }),
  chart_drawn: z.object({ points: z.array(z.number()), title: z.string().optional() }),
  file_saved: type({ path: 'string', 'bytes?': 'number' }),
};

declare module '@ws/types' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- what merges into a declaration is an interface
  interface ApplicationEvents extends InferEvents<typeof events> {}
}

declare const manager: UnifiedWebSocketManager;
declare const run: Run;

describe('application events of any schema library', () => {
  it('are taken by the hub', () => {
    void createHub({ events });
    // @ts-expect-error not a schema
    void createHub({ events: { invoice_ready: { cents: 'number' } } });
  });

  it('are typed where they are emitted', () => {
    void manager.emit({ type: 'invoice_ready', payload: { invoice_id: 'i1', cents: 5 } });
    void manager.emit({ type: 'chart_drawn', payload: { points: [1] } });
    void manager.emit({ type: 'file_saved', payload: { path: 'a', bytes: 3 } });
    void run.emit('chart_drawn', { points: [1], title: 't' });
    // @ts-expect-error valibot: cents is a number
    void manager.emit({ type: 'invoice_ready', payload: { invoice_id: 'i1', cents: 'five' } });
    // @ts-expect-error zod: points are missing
    void manager.emit({ type: 'chart_drawn', payload: { title: 't' } });
    // @ts-expect-error arktype: path is a string
    void run.emit('file_saved', { path: 1 });
    // @ts-expect-error the payload of another event
    void run.emit('file_saved', { points: [1] });
    // @ts-expect-error no such event
    void manager.emit({ type: 'invoice_redy', payload: {} });
  });

  it('arrive with the same types: `client.on` takes these', () => {
    expectTypeOf<ReceivedEvent<'invoice_ready'>['payload']>().toEqualTypeOf<{ invoice_id: string; cents: number }>();
    expectTypeOf<ReceivedEvent<'chart_drawn'>['payload']['points']>().toEqualTypeOf<number[]>();
    expectTypeOf<ReceivedEvent<'file_saved'>['payload']>().toEqualTypeOf<{ path: string; bytes?: number }>();
  });
});
