import { claim, step, test, type Pain } from './pain.ts';

/** Getting a connection, keeping it, and knowing when it is gone. */
export const CONNECTING: readonly Pain[] = [
  {
    number: 11,
    symptom: '1011 on connect: accepted, authenticated and ready were one thing, and services were not started',
    guarantee: 'Nothing is sent before connection_ready; a service that is not ready refuses before the upgrade',
    proofs: [
      test('apps/server/test/resume.test.ts', 'is the first frame and says all that the protocol promises'),
      test('apps/server/test/opening.test.ts', 'refused upgrades are plain HTTP with a JSON body'),
      test('apps/server/test/opening.test.ts', 'draining → 503 with Retry-After, also for a good token'),
    ],
  },
  {
    number: 12,
    symptom: '“Need to call accept first” every three minutes: the receive loop ran before the handshake was done',
    guarantee: 'A socket has one owner, and is heard only in the state that the handshake has reached',
    proofs: [
      test('packages/core/test/connection/session.test.ts', 'frames that come while the credential is checked'),
      test('packages/core/test/connection/session.test.ts', 'saying nothing for ten seconds closes with 4008'),
      test('packages/core/test/connection/session.test.ts', 'a connection that is being closed'),
    ],
  },
  {
    number: 13,
    symptom: 'sleeps as fixes: 1.2 s blocks, connects that took 179 s',
    guarantee: 'Nothing waits by sleeping or blocks: a state that is reached is an event',
    proofs: [claim('no-blocking'), claim('lint-rules'), claim('start-up')],
  },
  {
    number: 16,
    symptom: 'authentication errors looked like server errors, and clients stormed the server with reconnects',
    guarantee: 'A close code says whether to come back, and the client obeys',
    proofs: [
      test(
        'packages/types/test/close-codes.test.ts',
        'of 4000 to 4999 carry the rule in their range, also those in the table',
      ),
      test('packages/client/test/lifecycle.test.ts', 'stays away after'),
      test('packages/client/test/lifecycle.test.ts', 'comes back slower after 4029'),
      test(
        'packages/client/test/lifecycle.test.ts',
        'backs off with full jitter, and anew after a connection that lasted',
      ),
    ],
  },
  {
    number: 26,
    symptom: 'the heartbeat noticed no dead peer: pongs led nowhere',
    guarantee: 'A peer that answers no ping is closed with 4008, on either side',
    proofs: [
      test('apps/server/test/heartbeat.test.ts', 'a peer that answers no ping is closed with 4008'),
      test(
        'packages/core/test/connection/heartbeat.test.ts',
        'pings every interval, and cuts a peer that was silent for two',
      ),
      test(
        'packages/client/test/heartbeat.test.ts',
        'reconnects after two silent intervals, without waiting for the socket to close',
      ),
    ],
  },
  {
    number: 28,
    symptom: 'a blank screen: a manager that was not injected, and None as its default',
    guarantee: 'What a part needs is an argument it can’t be made without; a wrong start fails and says why',
    proofs: [
      step('typecheck'),
      test('apps/server/test/start-and-stop.test.ts', 'a start that cannot be says why in a sentence'),
      test('packages/core/test/hub/hub-options.test.ts', 'is refused by name'),
    ],
  },
  {
    number: 35,
    symptom: 'a cold start dropped connections: dependencies were checked by each connection',
    guarantee: 'Readiness is checked once; who comes too early or too late is told when to come back',
    proofs: [
      claim('start-up'),
      test('apps/server/test/operations.test.ts', 'draining: alive, not ready, and takes no events'),
      test(
        'packages/core/test/modes/emergency.test.ts',
        'refuses new connections, joins text hard, and lets critical events pass at once',
      ),
    ],
  },
];
