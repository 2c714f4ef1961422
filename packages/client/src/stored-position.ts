import { isWebSocketError, type WebSocketError } from '@ws/types';
import { answerOf, callbackFailed, type Patience } from './callback-failed.ts';
import type { PositionStore, StoredPosition } from './position-store.ts';
import { isPosition } from './resolve-options.ts';

type Report = (error: WebSocketError) => void;

/**
 * The position kept in a store; `null`, and a report, if the store fails or holds something else. Rejects if it does not answer: it may
 * hold one, and without it events would be missed.
 */
export async function loadPosition(
  store: PositionStore,
  patience: Patience,
  report: Report,
): Promise<StoredPosition | null> {
  try {
    const position: unknown = await answerOf('store.load', () => store.load(), patience);
    if (position === null || isPosition(position)) return position;
    report(callbackFailed('store.load', new TypeError('the store holds something that is not a position')));
  } catch (error) {
    // What `answerOf` rejects with.
    const failure = error as WebSocketError;
    if (isWebSocketError(failure.cause) && failure.cause.code === 'REQUEST_TIMEOUT') throw failure;
    report(failure);
  }
  return null;
}

/** Hands a position to a store; a failure is reported and costs no more than events that come again. */
export async function savePosition(store: PositionStore, position: StoredPosition, report: Report): Promise<void> {
  try {
    await store.save(position);
  } catch (cause) {
    report(callbackFailed('store.save', cause));
  }
}
