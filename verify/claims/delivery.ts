import { judge, type Claim } from '../support/claim.ts';
import { fiftyUsers, PAUSE_MS } from '../support/fifty-users.ts';
import { quantile, rounded } from '../support/statistics.ts';

const LIMIT_MS = 200;

export const delivery: Claim = {
  id: 'delivery',
  claim: `95 of 100 events are with the user within ${LIMIT_MS} ms, every event arrives, none at another user`,
  source: 'Asked for by the tests of the first system: p95 ≤ 200 ms, 50 concurrent users, 0 foreign events',
  async run() {
    const { users, latencies, receivedEvents, expectedEvents, foreignEvents } = await fiftyUsers();
    const p95 = quantile(latencies, 0.95);
    const wrong: string[] = [];
    if (!(p95 <= LIMIT_MS)) wrong.push(`p95 is ${rounded(p95)} ms`);
    if (receivedEvents !== expectedEvents) wrong.push(`${receivedEvents} of ${expectedEvents} events arrived`);
    if (foreignEvents > 0) wrong.push(`${foreignEvents} events reached another user`);
    return judge(
      wrong,
      {
        users,
        events: receivedEvents,
        'foreign events': foreignEvents,
        'p50 ms': rounded(quantile(latencies, 0.5)),
        'p95 ms': rounded(p95),
        'p99 ms': rounded(quantile(latencies, 0.99)),
      },
      [
        `from the publish request (HTTP, one event each, ${PAUSE_MS} ms after the one before) to the frame at the WebSocket; all users at once; SQLite log`,
      ],
    );
  },
};
