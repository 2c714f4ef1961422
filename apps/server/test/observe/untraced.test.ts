import { describe, expect, it } from 'vitest';
import { isTracing } from '@ws/server/src/observe/spans.ts';
import { note } from '../support/events.ts';
import { eventsAddress, post, withKey } from '../support/http.ts';
import { ServerProcess } from '../support/server-process.ts';
import { freshUser } from '../support/service.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { traced } from '../support/traced-client.ts';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('without an SDK', () => {
  it('the trace of the publisher is carried through, and nothing is begun', async () => {
    expect(isTracing()).toBe(false);
    // A process of its own: in this one, other tests may have set up an SDK.
    using folder = makeTempFolder();
    await using service = await ServerProcess.start({ cwd: folder.path });
    const user = freshUser();
    {
      await using client = await traced(service.url, user);
      const bodies = [{ traceparent: TRACEPARENT }, {}];
      for (const headers of bodies) {
        await post(eventsAddress(service.url, user), { events: [note(1)] }, { ...withKey, ...headers });
      }
      await client.received(2);
      expect(client.traceparents).toEqual([TRACEPARENT, undefined]);
    }
  });
});
