import { claim, step, test, type Pain } from './pain.ts';

/** What is sent, what is said of it, and what a client makes of it. */
export const EVENTS: readonly Pain[] = [
  {
    number: 2,
    symptom: 'success was reported and nothing delivered: errors were caught, and True or None returned',
    guarantee: 'An emit resolves with where the event is, or rejects with a code; nothing is caught to be forgotten',
    proofs: [
      claim('lint-rules'),
      test(
        'packages/core/test/stream/append-queue.test.ts',
        'rejects the emit, delivers nothing, and works again afterwards',
      ),
      test(
        'packages/core/test/modes/degraded.test.ts',
        'rejects what does not fit into the outage buffer, and takes more when there is room again',
      ),
      test('packages/core/test/confirmed-delivery.test.ts', 'says so when nobody acknowledged in time'),
    ],
  },
  {
    number: 3,
    symptom: '“unknown_tool” and empty results on the screen: five envelopes for the same events',
    guarantee: 'One schema, checked at both ends, with the same golden frames for server and client',
    proofs: [
      test('packages/types/test/fixtures.test.ts', 'of a client are read as they are: %j'),
      test('packages/types/test/fixtures.test.ts', 'of a server are read as they are: %j'),
      test(
        'packages/types/test/protocol-doc.test.ts',
        'names every event of the protocol, its fields, and whether it is critical',
      ),
      test('packages/client/test/stream.test.ts', 'moves past an event it cannot read, and says so'),
    ],
  },
  {
    number: 4,
    symptom: 'agent_thinking arrived as another event: its data was spread over the envelope',
    guarantee: 'Envelope and payload are two objects, and a payload never sets a field of the envelope',
    proofs: [
      test('apps/server/test/publish.test.ts', 'payloads are carried as they came'),
      test('packages/compat/test/legacy-events/to-legacy-event.test.ts', 'never let a field into the envelope'),
      test(
        'packages/compat/test/legacy-manager/emit.test.ts',
        'keep extra fields, and never let them into the envelope',
      ),
    ],
  },
  {
    number: 24,
    symptom: 'acknowledgements never worked: the server confirmed for itself',
    guarantee: 'What counts as seen is what a client acknowledged, of what was sent to it',
    proofs: [
      test('packages/core/test/confirmed-delivery.test.ts', 'resolves when a connection acknowledged the offset'),
      test(
        'packages/core/test/confirmed-delivery.test.ts',
        'does not believe an acknowledgement of what was never sent',
      ),
      test('packages/client/test/requests.test.ts', 'tells what the handlers saw, not more often than asked'),
    ],
  },
  {
    number: 27,
    symptom: '1011 because something was not JSON: models, enumerations, dates',
    guarantee: 'An event is encoded at the door and refused there; times are whole milliseconds everywhere',
    proofs: [
      test('packages/core/test/stream/event-codec.test.ts', 'encoding an event'),
      test('packages/types/test/parse-server-message.test.ts', 'is refused, naming the field'),
      test(
        'packages/compat/test/legacy-manager/emit.test.ts',
        'pass on application events, with what JSON can’t carry as text',
      ),
    ],
  },
  {
    number: 29,
    symptom: 'made-up events and stub handlers in production, there to satisfy tests',
    guarantee: 'What stands in for something real lives with the tests alone',
    proofs: [
      step('layering'),
      claim('cycles'),
      test('packages/compat/test/compat-table.test.ts', '$name of $module throws a migration error'),
      test('packages/compat/test/service/service.test.ts', 'is that of the hub, and not always good'),
    ],
  },
  {
    number: 30,
    symptom: 'the client said content, the server text; a type of event that nobody handled',
    guarantee: 'Every type is handled or does not compile; a frame nobody knows is refused, not acknowledged',
    proofs: [
      claim('lint-rules'),
      step('typecheck'),
      test('packages/types/test/fixtures.test.ts', 'hold every type of the protocol'),
      test('packages/core/test/connection/session.test.ts', '%s closes an open connection with 4500'),
    ],
  },
];
