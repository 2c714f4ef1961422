import * as v from 'valibot';
import { parsed, whole } from '../setting.ts';

const DAY_MS = 86_400_000;

const newEpochSchema = v.pipe(v.string(), v.regex(/^[\w.:-]{1,64}$/));

/** Where events live, how many are kept, and what happens while the log is away. */
export const EVENTS = {
  WS_LOG_URL: parsed(v.string(), 'memory:, sqlite:PATH, redis://… or nats://…', {
    meaning:
      'where events live: `sqlite:PATH`, `redis://…` or `rediss://…` (TLS; any server of a cluster will do), `nats://…` or `tls://…` (`?replicas=3` in a cluster) for several processes, or `memory:` for nothing past a restart; the parameters of each are [below](#parameters-of-ws_log_url)',
    fallback: 'sqlite:./data/events.db',
  }),
  WS_LOG_NEW_EPOCH: parsed(newEpochSchema, "1 to 64 letters, digits, '.', ':', '_' or '-'", {
    meaning:
      'begins a new epoch of the log, once for each text: after a restore that the log itself does not show, so that clients get `reset` ([operations](operations.md#backup-and-restore)); for example the day',
    fallback: undefined,
    otherwise: 'none',
  }),
  WS_RETENTION_EVENTS: whole({ meaning: "events that are kept of a user's stream", fallback: 10_000 }),
  WS_RETENTION_BYTES: whole({
    unit: 'bytes',
    meaning: "bytes of events that are kept of a user's stream",
    fallback: 16_777_216,
  }),
  WS_RETENTION_MS: parsed(
    v.pipe(v.string(), v.regex(/^\d{1,13}$/), v.transform(Number), v.minValue(1)),
    'a whole number of at least 1',
    { meaning: 'age up to which events are kept, in milliseconds', fallback: 7 * DAY_MS },
  ),
  WS_EMIT_DEADLINE_MS: whole({
    unit: 'ms',
    meaning:
      'how long an event waits while the log is away before it is refused with `EMIT_TIMEOUT`, or `LOG_FULL` where its disk is full',
    fallback: 30_000,
  }),
  WS_OUTAGE_EVENTS: whole({
    min: 0,
    meaning: 'events of all users that may wait while the log is away; more are refused with `SPILL_FULL`',
    fallback: 100_000,
  }),
  WS_OUTAGE_CHARACTERS: whole({
    min: 0,
    unit: 'characters',
    meaning: 'characters of their payloads that may wait',
    fallback: 67_108_864,
  }),
} as const;
