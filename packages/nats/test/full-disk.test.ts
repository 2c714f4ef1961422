import { createHub } from '@ws/core';
import { event, idsOf, mountSmallVolume, stream, until, untilHealthy } from '@ws/test-support';
import { afterAll, describe, expect, test } from 'vitest';
import { openNatsLog } from '../src/index.ts';
import { NATS } from './support/nats-program.ts';
import { NatsServer } from './support/nats-server.ts';

const volume = mountSmallVolume('32m');
const servers: NatsServer[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  volume?.unmount();
});

// What JetStream does on a full disk depends on its version: it refuses, or stops answering until it is started again.
describe.skipIf(NATS.isSkipped || volume === undefined)('the disk of the server is full', { timeout: 30_000 }, () => {
  test('a hub is degraded, and after there is room and a restart of the server what was accepted is there', async () => {
    const server = await NatsServer.start('', volume?.folder);
    servers.push(server);
    const log = openNatsLog({ url: server.url, onRestart: 'keep', commandTimeoutMs: 500 });
    const modes: string[] = [];
    const hub = createHub({
      log,
      tuning: { coalesceMs: 0 },
      onError: () => undefined,
      onModeChange: (mode) => modes.push(mode),
    });
    // Not the sample's time of long ago, which the hub's retention lets go of.
    const before = await log.append(stream, [{ ...event('before'), timestamp: Date.now() }]);
    volume?.fill();
    const failed = log.append(stream, [event('failed', JSON.stringify('x'.repeat(400_000)))]);
    await expect(failed).rejects.toMatchObject({ code: expect.stringMatching(/^LOG_(FULL|UNAVAILABLE)$/) as string });
    const emitted = hub.manager({ userId: 'alice' }).emit({
      type: 'user_message',
      event_id: 'during',
      payload: { message_id: 'during', text: 'x'.repeat(400_000) },
    });
    await until(() => expect(modes).toEqual(['degraded']));
    volume?.free();
    await server.kill();
    await server.start();
    await untilHealthy(log);
    const receipt = await emitted;
    expect(receipt.eventId).toBe('during');
    // The epoch of the log stays; that of positions is marked with the stream.
    expect(before.kind === 'appended' && receipt.epoch.startsWith(`${before.epoch}.`)).toBe(true);
    await until(() => expect(modes).toEqual(['degraded', 'unified']));
    expect(await idsOf(log)).toEqual(['before', 'during']);
    await hub.close();
  });
});
