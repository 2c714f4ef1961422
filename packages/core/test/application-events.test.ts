import type { EventInput } from '@ws/types';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createHub } from '../src/index.ts';

describe('application events', () => {
  const hub = createHub({ events: { invoice_ready: v.object({ invoice_id: v.string(), cents: v.number() }) } });
  const manager = hub.manager({ userId: 'alice' });
  const emit = (name: string, payload: object) => manager.emit({ type: name, payload } as unknown as EventInput);

  it.each([
    ['valibot', v.object({ invoice_id: v.string(), lines: v.array(v.object({ cents: v.number() })) })],
    ['zod', z.object({ invoice_id: z.string(), lines: z.array(z.object({ cents: z.number() })) })],
    ['arktype', type({ invoice_id: 'string', lines: type({ cents: 'number' }).array() })],
  ])('are checked at emit by schemas of %s', async (_library, schema) => {
    const invoices = createHub({ events: { invoice_ready: schema } }).manager({ userId: 'alice' });
    const send = (payload: object) => invoices.emit({ type: 'invoice_ready', payload } as unknown as EventInput);
    await expect(send({ invoice_id: 'i1', lines: [{ cents: 5 }] })).resolves.toMatchObject({ offset: 1 });
    await expect(send({ invoice_id: 'i1', lines: [{ cents: 'five' }] })).rejects.toMatchObject({
      code: 'INVALID_EVENT',
      message: expect.stringContaining('invoice_ready payload: field lines.0.cents: ') as string,
    });
    await expect(send({ lines: [] })).rejects.toMatchObject({ code: 'INVALID_EVENT' });
  });

  it('pass unchecked where there is no schema', async () => {
    await expect(emit('anything_else', { free: true })).resolves.toMatchObject({ duplicate: false });
  });

  it('refuse a schema that answers asynchronously', async () => {
    const later = { '~standard': { version: 1, vendor: 'test', validate: async () => ({ value: 1 }) } } as const;
    const asyncHub = createHub({ events: { later } });
    const emitted = asyncHub.manager({ userId: 'a' }).emit({ type: 'later', payload: {} } as unknown as EventInput);
    await expect(emitted).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
