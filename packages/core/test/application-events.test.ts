import type { EventInput } from '@ws/types';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createHub } from '../src/index.ts';

describe('application events', () => {
  const hub = createHub({ events: { invoice_ready: v.object({ invoice_id: v.string(), cents: v.number() }) } });
  const manager = hub.manager({ userId: 'alice' });
  const emit = (type: string, payload: object) => manager.emit({ type, payload } as unknown as EventInput);

  it('are checked at emit by any Standard Schema', async () => {
    await expect(emit('invoice_ready', { invoice_id: 'i1', cents: 5 })).resolves.toMatchObject({ offset: 1 });
    await expect(emit('invoice_ready', { invoice_id: 'i1', cents: 'five' })).rejects.toMatchObject({
      code: 'INVALID_EVENT',
      message: expect.stringContaining('field cents') as string,
    });
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
