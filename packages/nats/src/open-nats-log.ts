import { NatsEventLog } from './nats-event-log.ts';
import { resolveOptions, type NatsLogOptions } from './options.ts';

/**
 * Opens the event log in NATS JetStream (server 2.9 or later), one server or a cluster. Answers at once and connects in the
 * background: the first calls wait for that, and throw `LOG_UNAVAILABLE` if it does not succeed in time. Its two JetStream streams
 * are made if they are not there.
 *
 * @throws `INVALID_OPTION`
 *
 * @example
 * ```ts
 * const log = openNatsLog({ url: 'nats://localhost:4222', replicas: 3 });
 * const hub = createHub({ log });
 * ```
 */
export function openNatsLog(options: NatsLogOptions): NatsEventLog {
  return new NatsEventLog(resolveOptions(options));
}
