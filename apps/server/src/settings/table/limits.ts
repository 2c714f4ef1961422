import * as v from 'valibot';
import { parsed, whole } from '../setting.ts';

/** What is allowed to users, addresses and keys, and how long things may take. */
export const LIMITS = {
  WS_HEARTBEAT_MS: whole({ unit: 'ms', meaning: 'interval of WebSocket pings', fallback: 25_000 }),
  WS_COALESCE_MS: whole({
    min: 0,
    max: 100,
    unit: 'ms',
    meaning: 'window in which text deltas of one run are joined; `0` sends each alone',
    fallback: 25,
  }),
  WS_MAX_CONNECTIONS_PER_USER: whole({
    meaning: 'open connections of one user; one more closes the oldest',
    fallback: 20,
  }),
  WS_MAX_CONNECTIONS: whole({ meaning: 'open connections of all users', fallback: 50_000 }),
  WS_MAX_CONNECTIONS_PER_ADDRESS: whole({
    meaning:
      'open connections of one address; an IPv6 network counts as one; twice as many sockets and a hundred, whatever is said on them',
    fallback: undefined,
    otherwise: '`1000` for public addresses',
  }),
  WS_MAX_UNAUTHENTICATED: whole({ meaning: 'open connections that have shown no credential yet', fallback: 5_000 }),
  WS_HELLO_TIMEOUT_MS: whole({ unit: 'ms', meaning: 'time they have for it', fallback: 10_000 }),
  WS_MAX_LAG_MS: whole({
    unit: 'ms',
    meaning: 'time a connection that is behind may take nothing before it is closed with 1013',
    fallback: 60_000,
  }),
  WS_MAX_FRAMES_PER_SECOND: whole({
    meaning: "frames a connection may send on average; ten seconds' worth at once",
    fallback: 100,
  }),
  WS_MAX_BYTES_PER_SECOND: whole({
    unit: 'bytes',
    meaning: 'bytes a connection may send, by the same rule',
    fallback: 262_144,
  }),
  WS_MAX_FRAMES_PER_SECOND_PER_USER: whole({
    meaning: 'frames all connections of a user may send together',
    fallback: 400,
  }),
  WS_MAX_BYTES_PER_SECOND_PER_USER: whole({
    unit: 'bytes',
    meaning: 'bytes all connections of a user may send together',
    fallback: 1_048_576,
  }),
  WS_MAX_MESSAGE_BYTES: whole({
    min: 1_024,
    unit: 'bytes',
    meaning: 'length of one message of a client',
    fallback: 65_536,
  }),
  WS_MAX_BODY_BYTES: whole({
    min: 1_024,
    unit: 'bytes',
    meaning: 'length of the body of an HTTP request',
    fallback: 1_048_576,
  }),
  WS_MAX_JSON_DEPTH: whole({ min: 8, meaning: 'levels of arrays and objects in a message or body', fallback: 128 }),
  WS_MAX_APPROVAL_ARGS_BYTES: whole({
    min: 1_024,
    max: 1_048_576,
    unit: 'bytes',
    meaning: 'arguments of an approval, in bytes of JSON; more is refused when it is published',
    fallback: 65_536,
  }),
  WS_MAX_OPEN_RUNS_PER_USER: whole({ meaning: 'open runs of one user', fallback: 100 }),
  WS_MAX_PUBLISH_PER_SECOND: whole({
    meaning: "events an API key may publish on average; ten seconds' worth at once",
    fallback: 10_000,
  }),
  WS_MAX_PUBLISH_BYTES_PER_SECOND: whole({
    min: 65_536,
    unit: 'bytes',
    meaning: "bytes of bodies an API key may publish on average; ten seconds' worth at once",
    fallback: 10_485_760,
  }),
  WS_MAX_HISTORY_BYTES_PER_SECOND_PER_USER: whole({
    min: 65_536,
    unit: 'bytes',
    meaning: "bytes of events that a user's requests for history may read on average; ten seconds' worth at once",
    fallback: 2_097_152,
  }),
  WS_MAX_HISTORY_BYTES_PER_SECOND_PER_KEY: whole({
    min: 65_536,
    unit: 'bytes',
    meaning: 'the same for one API key, over all users it reads',
    fallback: 8_388_608,
  }),
  WS_MAX_HISTORY_PAGES_PER_USER: whole({
    meaning:
      'pages of history that a user may have under way at a time; an API key may have twice as many; 16 more wait',
    fallback: 2,
  }),
  WS_REQUEST_TIMEOUT_MS: whole({
    min: 100,
    max: 3_600_000,
    unit: 'ms',
    meaning:
      'time an HTTP request may take to arrive; its headers have a third of it; an answer of which nothing is taken for twice as long is cut off',
    fallback: 30_000,
  }),
  WS_RUN_LEASE_MS: whole({
    unit: 'ms',
    meaning: 'after how long without a sign of life of the server a run of its agents counts as lost',
    fallback: 15_000,
  }),
  WS_PUBLISHER_LEASE_MS: whole({
    unit: 'ms',
    meaning: 'after how long without an event a run published over HTTP counts as lost',
    fallback: 300_000,
  }),
  WS_LOAD_LAG_MS: whole({
    unit: 'ms',
    meaning: 'lag of the event loop from which on load is shed (mode `emergency`)',
    fallback: 500,
  }),
  WS_LOAD_HEAP_SHARE: parsed(
    v.pipe(v.string(), v.regex(/^(0?\.\d{1,4}|1)$/), v.transform(Number), v.gtValue(0)),
    'a number above 0 and at most 1',
    { meaning: 'share of the heap limit from which on load is shed', fallback: 0.9 },
  ),
} as const;
