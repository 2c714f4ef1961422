import assert from 'node:assert/strict';
import type { EventLog } from '@ws/core';
import type { AppendedEvent, AppendResult, LogEvent, NewLogEvent, StreamKey } from '@ws/core/log';
import { isWebSocketError, type ErrorCode, type Offset, type StreamPosition } from '@ws/types';

const EVENTUALLY_MS = 2_000;
const POLL_MS = 5;
const PAGE = 100;

/** The answer of an append that must not meet a conflict. */
export function assertAppended(result: AppendResult): readonly AppendedEvent[] {
  assert.equal(result.kind, 'appended');
  return result.kind === 'appended' ? result.events : [];
}

/** Appends events that must all be new, and answers their offsets. */
export async function appendNew(
  log: EventLog,
  stream: StreamKey,
  events: readonly NewLogEvent[],
  ifHead?: StreamPosition,
): Promise<readonly Offset[]> {
  const appended = assertAppended(await log.append(stream, events, ifHead));
  assert.equal(appended.length, events.length, 'append answers for each event');
  for (const { duplicate } of appended) assert.equal(duplicate, false, 'a new event is no duplicate');
  return appended.map(({ offset }) => offset);
}

/** Every event after `after`, page by page. */
export async function readAll(log: EventLog, stream: StreamKey, after: Offset = 0): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = [];
  for (let position = after; ; position = events.at(-1)?.offset ?? after) {
    const page = await log.read(stream, position, PAGE);
    if (page.events.length === 0) return events;
    assert.ok(page.events.length <= PAGE, 'a page holds at most `limit` events');
    assert.ok((page.events[0]?.offset ?? 0) > position, 'a page begins after its position');
    events.push(...page.events);
  }
}

/** Ids of everything a stream keeps. */
export async function readIds(log: EventLog, stream: StreamKey, after: Offset = 0): Promise<readonly string[]> {
  return (await readAll(log, stream, after)).map(({ eventId }) => eventId);
}

/** Offsets rise, and no event is missing between `after` and the last one. */
export function assertChain(events: readonly LogEvent[], after: Offset): void {
  let before = after;
  for (const { offset, prev = offset - 1 } of events) {
    assert.ok(offset > before, `offset ${offset} comes after ${before}`);
    assert.equal(prev, before, `the event before offset ${offset} is the one at ${before}: nothing is missing`);
    before = offset;
  }
}

/** `call` throws, now or later, a `WebSocketError` with this code. */
export async function assertFails(code: ErrorCode, call: () => unknown): Promise<void> {
  const outcome = await settle(call);
  assert.ok('error' in outcome, `expected ${code}, but the call succeeded`);
  assertCode(code, outcome.error);
}

/** `error` is a `WebSocketError` with this code. */
export function assertCode(code: ErrorCode, error: unknown): void {
  assert.ok(isWebSocketError(error), `expected a WebSocketError ${code}, got ${String(error)}`);
  assert.equal(error.code, code, error.message);
}

/** What became of a call that may fail. */
export async function settle<Value>(call: () => Value): Promise<{ value: Awaited<Value> } | { error: unknown }> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error };
  }
}

/** Waits until `check` no longer throws: for what a log tells of in its own time. */
export async function eventually(check: () => void | Promise<void>, withinMs = EVENTUALLY_MS): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await pause(POLL_MS);
  }
}

/** Lets time pass, for what must not happen. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
