import { claim, test, type Pain } from './pain.ts';

/** Many users, slow peers, and what grows. */
export const LOAD: readonly Pain[] = [
  {
    number: 19,
    symptom: 'managers leaked until the limit of 20 was reached and nobody could chat',
    guarantee: 'What a user needs goes with the user, and a limit that is reached says so by its code',
    proofs: [
      claim('memory'),
      test('packages/core/test/hub/memory.test.ts', 'lets go of users that came and went'),
      test('apps/server/test/client-frames.test.ts', 'over the limit the oldest goes with 4509'),
    ],
  },
  {
    number: 20,
    symptom: 'maps without bounds: registries, locks, queues, caches, histories',
    guarantee: 'What is kept is bounded, and memory stays flat while users come and go',
    proofs: [
      claim('memory'),
      test('packages/core/test/hub/stream-registry.test.ts', 'is let go after the idle time'),
      test('packages/core/test/run/run-table.test.ts', 'remembers the last thousand ended runs'),
      test('packages/core/test/run/run-order.test.ts', 'allows a limited number of open runs'),
      test('packages/client/test/cursor.test.ts', 'bounds the volatile ids it remembers'),
    ],
  },
  {
    number: 21,
    symptom: 'deadlocks: locks within locks, a send while a connection was added',
    guarantee: 'There are no locks: a stream has one writer, calls take turns, and every wait has an end',
    proofs: [
      test('packages/core/test/stream/append-queue.test.ts', 'keeps the order of emits that nobody awaited'),
      test(
        'packages/core/test/model/delivery.test.ts',
        'ends with every event exactly once and in order at every client, or told reset',
      ),
      test('packages/core/test/hub/drain.test.ts', 'waits for slow connections until the deadline, and no longer'),
    ],
  },
  {
    number: 22,
    symptom: 'a full queue dropped critical events, and a flush by priority broke the order',
    guarantee:
      'No event is dropped and none overtakes another, however slow a peer is; only deltas of a text are joined',
    proofs: [
      test(
        'packages/core/test/connection/backpressure.test.ts',
        'turns lagging at its budget, is sent nothing more, and goes on where it stopped',
      ),
      test('packages/core/test/connection/backpressure.test.ts', 'does not slow another one'),
      test('packages/core/test/hub/delivery.test.ts', 'is flushed by any other event, before it and in order'),
      test(
        'packages/core/test/modes/emergency.test.ts',
        'refuses new connections, joins text hard, and lets critical events pass at once',
      ),
    ],
  },
  {
    number: 23,
    symptom: 'messages twice or not at all: three queues beside one another',
    guarantee: 'One log with offsets: a client has every event once, in order, or is told reset',
    proofs: [
      claim('reconnect'),
      test(
        'packages/client/test/stream.property.test.ts',
        'delivers every event exactly once and in order, or says reset, whatever happens to the connection',
      ),
      test(
        'packages/core/test/model/delivery.test.ts',
        'ends with every event exactly once and in order at every client, or told reset',
      ),
      test(
        'apps/server/test/crash.test.ts',
        'loses nothing that was accepted: readers end with every event once, in order',
      ),
      test('packages/core/test/stream/append-queue.test.ts', 'the same event id twice'),
    ],
  },
  {
    number: 25,
    symptom: 'a rate limit that limited nothing: a new limiter for each call',
    guarantee: 'A limit holds for as long as a connection or a user is there: one more than it allows is refused',
    proofs: [
      test('apps/server/test/limits/limits.test.ts', 'one frame over WS_MAX_FRAMES_PER_SECOND closes with 4029'),
      test(
        'apps/server/test/limits/limits.test.ts',
        'one over WS_MAX_FRAMES_PER_SECOND_PER_USER closes with 4029, over all connections of the user',
      ),
      test(
        'apps/server/test/limits/limits.test.ts',
        'one event over the rate of its key is refused with 429, and Retry-After says when there is room',
      ),
    ],
  },
];
