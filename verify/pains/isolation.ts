import { claim, test, type Pain } from './pain.ts';

/** One user's events at another, and ids that were mistaken for one another. */
export const ISOLATION: readonly Pain[] = [
  {
    number: 5,
    symptom: 'a user sees the events of other users: one manager for all, and an identity that came as an argument',
    guarantee: 'A user sees nothing of another: the server sets who a connection is, and a manager holds one stream',
    proofs: [
      claim('isolation'),
      claim('delivery'),
      test(
        'packages/core/test/isolation.test.ts',
        'holds for any public calls and any frames: nobody ever gets a frame of another',
      ),
      test('apps/server/test/many-users.test.ts', 'users at once: each sees its own events, all of them, in order'),
      test('e2e/page/users.test.ts', 'another user sees nothing of it'),
    ],
  },
  {
    number: 6,
    symptom: 'foreign data was “sanitised”, by putting another user id over it, and delivered',
    guarantee: 'What names another user is refused and counted, never rewritten',
    proofs: [
      test('packages/types/test/parse-event-input.test.ts', 'is refused, naming the field'),
      test('packages/compat/test/legacy-manager/isolation.test.ts', 'is refused by %s, with how to migrate'),
      test('packages/compat/test/legacy-manager/isolation.test.ts', 'is counted'),
      test('apps/server/test/client-frames.test.ts', "another user's token closes with 4503"),
    ],
  },
  {
    number: 7,
    symptom: 'the handler of the first user served all: handlers were added to a global router and never taken away',
    guarantee: 'A handler gets whom it serves as an argument, and nothing of a user is left when they are gone',
    proofs: [
      test('packages/core/test/isolation.test.ts', 'is built in: no method of a manager takes a user'),
      test('packages/core/test/hub/user-messages.test.ts', 'of the same id from another user is another message'),
      test('packages/core/test/hub/memory.test.ts', 'lets go of users that came and went'),
    ],
  },
  {
    number: 8,
    symptom: 'of several clients of a user only the last got events: a handler kept its socket',
    guarantee: 'No handler holds a socket: every tab and device of a user sees the same',
    proofs: [
      test(
        'apps/server/test/client-frames.test.ts',
        'is accepted with its run and thread, and every tab of the user sees it',
      ),
      test('e2e/page/interruptions.test.ts', 'a second tab shows the same, live and afterwards'),
    ],
  },
  {
    number: 9,
    symptom:
      'messages to a thread got lost: a thread was taken for a user, and was not known yet when a client connected',
    guarantee: 'A connection says which threads it wants; what a run belongs to is known from its events',
    proofs: [
      test(
        'packages/core/test/connection/connection.test.ts',
        'sees those and events of no thread, with prev wherever something was left out',
      ),
      test('packages/core/test/run/run-order.test.ts', 'puts events of a run into the thread of the run'),
      test(
        'apps/server/test/resume.test.ts',
        'only events of the threads asked for, and of none; prev bridges the rest',
      ),
      test('packages/compat/test/legacy-client/connections.test.ts', 'see one thread at a time where they ask for it'),
    ],
  },
  {
    number: 10,
    symptom: 'a run id was used as a user id: “No connections for user run_…”',
    guarantee: 'Each kind of id is a type of its own, and what makes one checks it',
    proofs: [
      test('packages/types/test/types.test-d.ts', 'are no plain strings, and none is another'),
      test('packages/types/test/ids.test.ts', 'may not be %s'),
    ],
  },
];
