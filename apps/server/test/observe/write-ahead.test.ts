import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { call, mustPublish } from '../support/http.ts';
import { openService } from '../support/service.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const EVENT_BYTES = 200_000;

it('a program that reads from the SQLite file without an end shows in the metrics', async () => {
  using folder = makeTempFolder();
  const path = join(folder.path, 'events.db');
  const service = await openService({ WS_LOG_URL: `sqlite:${path}` });
  const measured = async (): Promise<number> =>
    Number(/^ws_log_write_ahead_bytes (\d+)$/m.exec((await call(`${service.url}/metrics`)).text)?.[1]);
  try {
    const before = await measured();
    const reader = new DatabaseSync(path);
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM events').get();
    for (let n = 0; n < 5; n += 1) {
      await mustPublish(service.url, 'alice', [{ type: 'app.note', payload: { text: 'x'.repeat(EVENT_BYTES) } }]);
    }
    expect(await measured()).toBeGreaterThanOrEqual(before + 5 * EVENT_BYTES);
    reader.close();
  } finally {
    await service.close(0);
  }
});
