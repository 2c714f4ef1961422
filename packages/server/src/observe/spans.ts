import {
  context,
  ProxyTracerProvider,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type SpanKind,
  type Tracer,
} from '@opentelemetry/api';
import { isWebSocketError } from '@ws/types';

/** The tracer of the service. Spans go to the SDK that was loaded before, if any, and cost next to nothing without one. */
export const tracer: Tracer = trace.getTracer('@ws/server');

/** Whether an SDK takes spans. */
export function isTracing(): boolean {
  const provider = trace.getTracerProvider();
  // The API gives this one out until an SDK is set, and it passes on what it gets to one that does nothing.
  return (
    !(provider instanceof ProxyTracerProvider) || provider.getDelegate() !== new ProxyTracerProvider().getDelegate()
  );
}

export interface SpanSettings {
  readonly kind: SpanKind;
  readonly attributes?: Attributes;
  readonly parent?: Context;
}

/** Does `work` inside of a span; an error is noted by its code, never by what it may quote. */
export async function inSpan<Result>(
  name: string,
  { kind, attributes = {}, parent = context.active() }: SpanSettings,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const span = tracer.startSpan(name, { kind, attributes }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span));
  } catch (error) {
    const code = isWebSocketError(error) ? error.code : 'INTERNAL';
    span.setAttribute('error.type', code);
    span.setStatus({ code: SpanStatusCode.ERROR, message: code });
    throw error;
  } finally {
    span.end();
  }
}
