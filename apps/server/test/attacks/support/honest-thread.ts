import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { note } from '../../support/events.ts';
import { eventsAddress } from '../../support/http.ts';
import { Peer } from '../../support/peer.ts';
import { loneRequest } from './lone-request.ts';

/** Who the honest user is, and where. */
export interface HonestSetUp {
  readonly url: string;
  readonly userId: string;
  readonly token: string;
  /** Of the back end that publishes to the user. */
  readonly key: string;
}

/** What the user had while events were published. */
export interface Served {
  /** Absent: each event came once and in order. */
  readonly fault: string | undefined;
  /** How long an event took from its publisher to the user, in milliseconds: the median. */
  readonly medianMs: number;
}

/** Pace of what is published: the rest of the time is the attacker's. */
const EVERY_MS = 10;

// This is a thread of its own: what it measures has nothing in it of the time that the attacker needs for attacking.
const { url, userId, token, key } = workerData as HonestSetUp;
const peer = await Peer.ready(url, { token });
/** When each event arrived, by its offset. */
const arrivals = new Map<number, number>();
peer.socket.on('message', () => {
  const { offset } = peer.events.at(-1) ?? {};
  if (offset !== undefined) arrivals.set(offset, performance.now());
});
let isGoingOn = false;
parentPort?.on('message', (word: 'begin' | 'end') => {
  isGoingOn = word === 'begin';
  if (!isGoingOn) return;
  publishAll().then(
    (served) => parentPort?.postMessage(served),
    (error: unknown) => parentPort?.postMessage({ fault: String(error), medianMs: NaN } satisfies Served),
  );
});
parentPort?.postMessage('connected');

/** Publishes until it is to end, and sees that the one connection gets each event, once and in order. */
async function publishAll(): Promise<Served> {
  const published: number[] = [];
  const sentAt: number[] = [];
  do {
    sentAt.push(performance.now());
    published.push(await publish(published.length));
    await pause(EVERY_MS);
  } while (isGoingOn);
  const last = published.at(-1);
  await peer.until(() => peer.frames.findLast(({ offset }) => offset === last) !== undefined, 'all that was published');
  const [first = 0] = published;
  const received = peer.events.map(({ offset }) => offset).filter((offset) => offset >= first);
  const isWhole = received.join() === published.join() && peer.closed === undefined;
  const fault = isWhole ? undefined : `of ${published.join()} came ${received.join()}; closed: ${peer.closed?.code}`;
  return { fault, medianMs: median(published.map((offset, n) => (arrivals.get(offset) ?? NaN) - (sentAt[n] ?? NaN))) };
}

async function publish(n: number): Promise<number> {
  const body = JSON.stringify({ events: [note(n)] });
  const headers = { authorization: `Bearer ${key}` };
  const answer = await loneRequest(eventsAddress(url, userId), { method: 'POST', headers, body });
  if (answer.status !== 200) throw new Error(`publishing was refused with ${answer.status}: ${answer.text}`);
  const [offset] = answer.body['offsets'] as readonly [number];
  return offset;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
