import { WebSocketError } from '@ws/types';
import type { LogEvent, NewLogEvent } from '../log/event-log.ts';
import type { AnnouncedRevocation } from './revocation-list.ts';

/** A revocation as an event of the log. */
export function toLogEvent(revocation: AnnouncedRevocation): NewLogEvent {
  const { eventId, revokedAt } = revocation;
  return { eventId, type: 'credential_revoked', timestamp: revokedAt, data: JSON.stringify(revocation) };
}

/** A revocation as it was written. Throws `LOG_CORRUPT` for anything else. */
export function fromLogEvent({ data }: Pick<LogEvent, 'data'>): AnnouncedRevocation {
  return checked(parse(data));
}

/** What takes the place of revocations that are let go: those that are still of use. */
export function encodeCheckpoint(revocations: readonly AnnouncedRevocation[]): string {
  return JSON.stringify(revocations);
}

/** Throws `LOG_CORRUPT` for what {@link encodeCheckpoint} did not write. */
export function decodeCheckpoint(text: string): readonly AnnouncedRevocation[] {
  const revocations = parse(text);
  if (!Array.isArray(revocations)) throw damaged();
  return revocations.map(checked);
}

function checked(value: unknown): AnnouncedRevocation {
  if (typeof value !== 'object' || value === null) throw damaged();
  const { userId, tokenId, expiresAt, eventId, revokedAt } = value as Record<keyof AnnouncedRevocation, unknown>;
  const isWhole = typeof userId === 'string' && typeof eventId === 'string';
  if (!isWhole || typeof expiresAt !== 'number' || typeof revokedAt !== 'number') throw damaged();
  if (tokenId !== undefined && typeof tokenId !== 'string') throw damaged();
  // The id was checked when the event was appended.
  return {
    userId,
    expiresAt,
    eventId: eventId as AnnouncedRevocation['eventId'],
    revokedAt,
    ...(tokenId === undefined ? {} : { tokenId }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged();
  }
}

function damaged(): WebSocketError {
  return new WebSocketError('LOG_CORRUPT', 'the stream of revocations holds something that is no revocation');
}
