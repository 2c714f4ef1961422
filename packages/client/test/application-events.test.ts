import type { EventSchemas } from '@ws/types';
import { expect, it } from 'vitest';
import { connected, record } from './support/setup.ts';

/** A schema as any library that speaks Standard Schema makes it. */
const events: EventSchemas = {
  invoice_ready: {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) =>
        typeof (value as { cents?: unknown }).cents === 'number'
          ? { value }
          : { issues: [{ message: 'must be a number', path: ['cents'] }] },
    },
  },
};

it('reports an application event that does not fit its schema, and goes on after it', async () => {
  const { client, server, errors } = await connected({ events });
  const seen = record(client);
  server.emit('invoice_ready', { cents: 5 });
  server.emit('invoice_ready', { cents: 'five' });
  server.emit('another_type', { free: true });
  expect(seen).toEqual([1, 3]);
  expect(errors).toMatchObject([{ code: 'INVALID_EVENT' }]);
  expect(errors[0]?.message).toContain('field cents: must be a number');
  expect(client.position?.offset).toBe(3);
});

it.each([
  [
    'throws',
    () => {
      throw new Error('a fault of the schema');
    },
  ],
  ['never answers', () => new Promise(() => undefined)],
  ['answers later, by a promise of another library', () => ({ then: () => undefined })],
  ['answers nothing', () => undefined],
])('an event whose schema %s is reported and passed, and the stream goes on', async (_, validate) => {
  const broken = { '~standard': { version: 1, vendor: 'test', validate } } as unknown as EventSchemas[string];
  const { client, server, clock, errors } = await connected({ events: { invoice_ready: broken } });
  const seen = record(client);
  server.emit('invoice_ready', { cents: 5 });
  server.emit('another_type', { free: true });
  await clock.advance(1_000);
  expect([seen, client.position?.offset, server.connections.length]).toEqual([[2], 2, 1]);
  expect(errors.map(({ code }) => code)).toEqual(['INVALID_OPTION']);
});
