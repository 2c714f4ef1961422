import { claim, test, type Pain } from './pain.ts';

/** Who may come in, and for how long. */
export const AUTHENTICATION: readonly Pain[] = [
  {
    number: 15,
    symptom: 'a way around authentication in staging, a demo that was on by default, ids that collided',
    guarantee: 'What lets developers in is impossible in production, and an incomplete production does not start',
    proofs: [
      claim('authentication'),
      test('apps/server/test/settings.test.ts', 'what production needs'),
      test('apps/server/test/operations.test.ts', 'are refused in production, and the development key with them'),
    ],
  },
  {
    number: 17,
    symptom: 'tokens in headers, logs and addresses',
    guarantee:
      'No credential is echoed or logged; a ticket is of one user and good once, even for two at the same moment',
    proofs: [
      claim('authentication'),
      test('apps/server/test/opening.test.ts', 'a subprotocol entry, which is never echoed'),
      test('apps/server/test/opening.test.ts', 'a ticket used twice at the same moment lets one in'),
      test(
        'apps/server/test/secrets.test.ts',
        'no token, ticket, key or secret gets into an answer or the log, not even at level trace',
      ),
    ],
  },
  {
    number: 18,
    symptom: 'a session broke when its token ended in the middle of a conversation',
    guarantee: 'A token is renewed on the live connection, ahead of its end; a connection that ends resumes',
    proofs: [
      test('apps/server/test/client-frames.test.ts', 'a fresh token of the same user is taken, on the live connection'),
      test(
        'apps/server/test/client-frames.test.ts',
        'a token that ends soon: auth_expiring at once, a fresh one saves the connection',
      ),
      test('packages/client/test/token.test.ts', 'is renewed on the live connection'),
      test('packages/client/test/token.test.ts', 'is asked for as expired after 4001'),
    ],
  },
];
