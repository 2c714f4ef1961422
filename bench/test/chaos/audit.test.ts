import { afterAll, beforeAll, expect, it } from 'vitest';
import { readLog } from '../../src/chaos/audit.ts';
import { ServerProcess } from '../../src/server/server-process.ts';
import { call } from '../../src/server/service-api.ts';

let server: ServerProcess;
beforeAll(async () => {
  // So little that the second page of a large stream has to be waited for.
  server = await ServerProcess.start('memory', { env: { WS_MAX_HISTORY_BYTES_PER_SECOND_PER_KEY: '600000' } });
}, 60_000);
afterAll(() => server.stop());

it('the audit reads a log to its end, where pages are short and where it has to wait', async () => {
  const event = { type: 'app.file', payload: { text: 'x'.repeat(700_000) } };
  for (let n = 0; n < 10; n += 1) {
    const { status } = await call(`${server.url}/v1/users/alice/events`, { body: { events: [event] } });
    expect(status).toBe(200);
  }
  expect((await readLog(server, 'alice')).map(({ offset }) => offset)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});
