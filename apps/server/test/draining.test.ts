import { expect, it } from 'vitest';
import { note } from './support/events.ts';
import { mustPublish, tokenFor } from './support/http.ts';
import { Peer } from './support/peer.ts';
import { openService } from './support/service.ts';

it('a message during the drain is refused with DRAINING, and starts no run that nobody would end', async () => {
  const asked: string[] = [];
  const service = await openService({}, ({ messageId }) => void asked.push(messageId));
  const token = await tokenFor(service.url, 'alice');
  const slow = await Peer.ready(service.url, { token });
  slow.socket.pause();
  for (let n = 0; n < 16; n += 1) {
    await mustPublish(service.url, 'alice', [{ ...note(n), payload: { pad: 'x'.repeat(900_000) } }]);
  }
  const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, 'bob') });
  const closed = service.close(5_000);
  await peer.frame('server_draining');
  peer.say({ type: 'user_message', message_id: 'late', payload: { text: 'hi' } });
  const answer = await peer.frame(({ ref }) => ref === 'late');
  expect(answer).toMatchObject({ type: 'error', code: 'DRAINING', fatal: false });
  expect(asked).toEqual([]);
  await service.close();
  await closed;
  slow.socket.terminate();
});
