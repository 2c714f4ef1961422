const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Tells whether a text is a W3C trace context as events carry it.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function isTraceparent(text: string): boolean {
  return TRACEPARENT.test(text);
}
