import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ROOT_CONTEXT, SpanKind, trace, TraceFlags } from '@opentelemetry/api';
import type { LogEvent } from '@ws/core/log';
import type { DiagnosticMessages } from '@ws/core/observe';
import { remoteContext } from './trace-context.ts';
import { isTracing, tracer } from './spans.ts';

type Delivered = DiagnosticMessages['agent-events:delivery'];

/** The envelope comes before the payload, so the first match is the event's own. */
const TRACEPARENT = /,"traceparent":"([0-9a-f-]+)","payload":/;

/**
 * Makes a span for each traced event that is written to sockets, from its timestamp to the write, as a child of its publisher's.
 * For the process, not for one service: returns a function that ends it. Does nothing where no SDK takes spans.
 */
export function traceDeliveries(): () => void {
  if (!isTracing()) return () => undefined;
  // Published under this name by the core alone.
  const listener = (message: unknown): void => traceDelivery(message as Delivered);
  subscribe('agent-events:delivery', listener);
  return () => {
    unsubscribe('agent-events:delivery', listener);
  };
}

function traceDelivery({ events, connections }: Delivered): void {
  for (const event of events) traceEvent(event, connections);
}

function traceEvent({ data, type, eventId, runId, offset, timestamp }: LogEvent, connections: number): void {
  const traceparent = TRACEPARENT.exec(data)?.[1];
  if (traceparent === undefined) return;
  const parent = remoteContext(ROOT_CONTEXT, traceparent);
  const flags = trace.getSpanContext(parent)?.traceFlags ?? TraceFlags.NONE;
  if ((flags & TraceFlags.SAMPLED) === 0) return;
  const attributes = {
    'messaging.system': 'agent-events',
    'messaging.operation.name': 'deliver',
    'messaging.message.id': eventId,
    'agent_events.type': type,
    'agent_events.offset': offset,
    'agent_events.connections': connections,
    ...(runId === undefined ? {} : { 'agent_events.run_id': runId }),
  };
  tracer.startSpan('deliver', { kind: SpanKind.PRODUCER, attributes, startTime: timestamp }, parent).end();
}
