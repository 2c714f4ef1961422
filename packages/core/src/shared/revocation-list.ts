import type { EventId } from '@ws/types';
import type { Authentication } from '../connection/authentication.ts';

/** Whose credentials are no longer good. */
export interface Revocation {
  readonly userId: string;
  /** Only the credential with this id (claim `jti` of a token). Absent: all that were issued to the user until now. */
  readonly tokenId?: string;
  /** When the last credential concerned expires, in milliseconds since 1970: the revocation is forgotten then. */
  readonly expiresAt: number;
}

/** A revocation that was announced. */
export interface AnnouncedRevocation extends Revocation {
  readonly eventId: EventId;
  /** Milliseconds since 1970. */
  readonly revokedAt: number;
}

/** The revocations that are still of use: everything their stream says, folded. */
export class RevocationList {
  readonly #byUser = new Map<string, readonly AnnouncedRevocation[]>();

  add(revocation: AnnouncedRevocation, now: number): void {
    const { userId } = revocation;
    const others = this.#byUser.get(userId) ?? [];
    this.#set(userId, [...others.filter((one) => !isCovered(one, revocation)), revocation], now);
  }

  /** Whether a credential was revoked. */
  has({ userId, tokenId, issuedAt = 0 }: Authentication, now: number): boolean {
    const revocations = this.#byUser.get(userId) ?? [];
    return revocations.some((one) => {
      if (one.expiresAt <= now) return false;
      // A credential that does not say when it was issued may be as old as any.
      return one.tokenId === undefined ? issuedAt <= one.revokedAt : one.tokenId === tokenId;
    });
  }

  /** What is still of use. The rest is forgotten. */
  current(now: number): readonly AnnouncedRevocation[] {
    for (const [userId, revocations] of this.#byUser) this.#set(userId, revocations, now);
    return [...this.#byUser.values()].flat();
  }

  #set(userId: string, revocations: readonly AnnouncedRevocation[], now: number): void {
    const kept = revocations.filter(({ expiresAt }) => expiresAt > now);
    if (kept.length === 0) this.#byUser.delete(userId);
    else this.#byUser.set(userId, kept);
  }
}

/** Whether `other` says all that `one` says: it is the same, or one for all credentials that came later and lasts longer. */
function isCovered(one: AnnouncedRevocation, other: AnnouncedRevocation): boolean {
  if (one.eventId === other.eventId) return true;
  if (one.tokenId !== undefined || other.tokenId !== undefined) return false;
  return one.revokedAt <= other.revokedAt && one.expiresAt <= other.expiresAt;
}
