import type { IncomingHttpHeaders } from 'node:http';
import { context, isSpanContextValid, trace, TraceFlags, type Context, type SpanContext } from '@opentelemetry/api';
import { isTraceparent } from '@ws/types';

/** The span context as an event carries it (W3C), or `undefined` where there is none. */
export function toTraceparent(span: SpanContext | undefined): string | undefined {
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  const { traceId, spanId, traceFlags } = span;
  return `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01'}`;
}

/** The span context that a `traceparent` names, or `undefined` if it names none. */
function fromTraceparent(traceparent: string): SpanContext | undefined {
  if (!isTraceparent(traceparent)) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  const span = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(span) ? span : undefined;
}

/** The trace of whoever runs now. */
export function activeTraceparent(): string | undefined {
  return toTraceparent(trace.getActiveSpan()?.spanContext());
}

/** What a request belongs to: the span that an instrumentation of HTTP has begun for it, else what its `traceparent` names. */
export function contextOf(headers: IncomingHttpHeaders): Context {
  const active = context.active();
  const { traceparent } = headers;
  if (trace.getSpan(active) !== undefined || typeof traceparent !== 'string') return active;
  return remoteContext(active, traceparent);
}

/** A context whose spans are children of what a `traceparent` names. */
export function remoteContext(base: Context, traceparent: string): Context {
  const remote = fromTraceparent(traceparent.trim());
  return remote === undefined ? base : trace.setSpanContext(base, remote);
}
