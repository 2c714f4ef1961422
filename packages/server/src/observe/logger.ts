import { trace } from '@opentelemetry/api';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './log-level.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Fields that hold a secret wherever they stand, one level deep or two. */
const SECRET_FIELDS = ['authorization', 'cookie', 'token', 'ticket', 'secret', 'password', 'apiKey', 'key'];
const SECRET_HEADERS = ['authorization', 'cookie', '["x-api-key"]', '["sec-websocket-protocol"]'];

/**
 * Makes the logger of the service: JSON lines, with the trace they belong to. Secrets are left out twice: fields by their names, and
 * what looks like one in any text (an error may quote an address).
 *
 * @param destination - default: standard error, written before the process goes on, so that a crash loses no line
 */
export function createLogger(level: LogLevel, destination: DestinationStream = standardError()): Logger {
  return pino(
    {
      level,
      redact: { paths: redactedPaths(), censor: '[redacted]' },
      mixin: activeTrace,
      hooks: { streamWrite: withoutSecrets },
    },
    destination,
  );
}

function standardError(): DestinationStream {
  const destination = pino.destination({ fd: 2, sync: true });
  // A terminal that was closed, a full disk: the service goes on, and drains, without its log lines.
  destination.on('error', () => undefined);
  return destination;
}

function redactedPaths(): string[] {
  const fields = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);
  const headers = SECRET_HEADERS.flatMap((header) => {
    const path = header.startsWith('[') ? `headers${header}` : `headers.${header}`;
    return [path, `*.${path}`];
  });
  return [...fields, ...headers];
}

function activeTrace(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
