import { WebSocketError, type EventId } from '@ws/types';
import type { Authentication } from '../authentication.ts';

/** Whose credentials are no longer good. */
export interface Revocation {
  readonly userId: string;
  /** Only the credential with this id (claim `jti` of a token). Absent: all that were issued to the user until now. */
  readonly tokenId?: string;
  /**
   * When the last credential concerned expires, in milliseconds since 1970. It has to be in the future: the revocation is forgotten
   * then.
   */
  readonly expiresAt: number;
}

/** A revocation that was announced. */
export interface AnnouncedRevocation extends Revocation {
  readonly eventId: EventId;
  /** Milliseconds since 1970. */
  readonly revokedAt: number;
}

/** Why a credential is refused: it is older than a revocation, or issued too close to one to tell which came first. */
export type RevocationRefusal = 'CREDENTIAL_REVOKED' | 'CREDENTIAL_EXPIRED';

interface KnownRevocation extends AnnouncedRevocation {
  /** The how manieth of this process that was news; 0 for one of before anything was opened here. */
  readonly learned: number;
}

const SECOND_MS = 1_000;

/** The revocations that are still of use: everything their stream says, folded. */
export class RevocationList {
  readonly #byUser = new Map<string, readonly KnownRevocation[]>();
  readonly #toleranceMs: number;
  #learned = 0;

  /** @param toleranceMs - by how much the clock of an issuer may differ from that of the process that announced a revocation */
  constructor(toleranceMs: number) {
    this.#toleranceMs = toleranceMs;
  }

  /** How many revocations were news so far. A credential that was checked now is refused by each later one. */
  get learned(): number {
    return this.#learned;
  }

  /**
   * Takes a revocation in, unless it is known.
   *
   * @param isNews - whether it concerns what is open now. One that was read from what is older than this process, or that says no
   *   more than others in the list, does not.
   */
  add(revocation: AnnouncedRevocation, now: number, isNews: boolean): void {
    const { userId, eventId } = revocation;
    const known = this.#byUser.get(userId) ?? [];
    if (known.some((one) => one.eventId === eventId)) return;
    if (!isNews && known.some((one) => isCovered(revocation, one))) return;
    if (isNews) this.#learned += 1;
    const covered = known.filter((one) => isCovered(one, revocation));
    const others = known.filter((one) => !covered.includes(one));
    const learned = isNews ? this.#learned : covered.reduce((latest, one) => Math.max(latest, one.learned), 0);
    this.#set(userId, [...others, { ...revocation, learned }], now);
  }

  /**
   * Why a credential is refused, or `undefined`.
   *
   * @param since - what {@link learned} was when it was found good: every later revocation of all credentials concerns it,
   *   whatever it says of when it was issued. Absent: only what it says counts.
   */
  refusalOf(
    { userId, tokenId, issuedAt }: Authentication,
    now: number,
    since = Infinity,
  ): RevocationRefusal | undefined {
    let refusal: RevocationRefusal | undefined;
    for (const one of this.#byUser.get(userId) ?? []) {
      if (one.expiresAt <= now) continue;
      if (one.tokenId !== undefined) {
        if (one.tokenId === tokenId) return 'CREDENTIAL_REVOKED';
        continue;
      }
      // A credential that does not say when it was issued may be as old as any. One that says it in whole seconds may be of any
      // moment of that second.
      if (issuedAt === undefined || !(issuedAt >= wholeSecond(one.revokedAt))) return 'CREDENTIAL_REVOKED';
      if (one.learned > since || issuedAt <= one.revokedAt + this.#toleranceMs) refusal = 'CREDENTIAL_EXPIRED';
    }
    return refusal;
  }

  /** From when on credentials of a user are good, in milliseconds since 1970: a whole second. 0 where none of them was revoked. */
  validFrom(userId: string, now: number): number {
    return (this.#byUser.get(userId) ?? [])
      .filter(({ tokenId, expiresAt }) => tokenId === undefined && expiresAt > now)
      .reduce((latest, { revokedAt }) => Math.max(latest, wholeSecond(revokedAt + this.#toleranceMs) + SECOND_MS), 0);
  }

  /** What is still of use. The rest is forgotten. */
  current(now: number): readonly AnnouncedRevocation[] {
    for (const [userId, revocations] of this.#byUser) this.#set(userId, revocations, now);
    return [...this.#byUser.values()].flat().map(({ learned: _, ...revocation }) => revocation);
  }

  /** What is still of use here and not among `found`: neither it nor one that says all that it says. */
  missingFrom(found: readonly AnnouncedRevocation[], now: number): readonly AnnouncedRevocation[] {
    const there = new RevocationList(this.#toleranceMs);
    for (const one of found) there.add(one, now, false);
    return this.current(now).filter((one) => !there.says(one));
  }

  /** Whether the list holds a revocation, or one that says all that it says. */
  says(one: AnnouncedRevocation): boolean {
    return this.#byUser.get(one.userId)?.some((other) => isCovered(one, other)) ?? false;
  }

  #set(userId: string, revocations: readonly KnownRevocation[], now: number): void {
    const kept = revocations.filter(({ expiresAt }) => expiresAt > now);
    if (kept.length === 0) this.#byUser.delete(userId);
    else this.#byUser.set(userId, kept);
  }
}

/** The error for a credential that is refused. */
export function revocationError(refusal: RevocationRefusal): WebSocketError {
  const why =
    refusal === 'CREDENTIAL_REVOKED'
      ? 'the credential was revoked: sign in again'
      : "the credential is not clearly newer than a revocation of the user's credentials: get a fresh one";
  return new WebSocketError(refusal, why);
}

/** Whether `other` says all that `one` says: it is the same, or one for all credentials that came later and lasts longer. */
function isCovered(one: AnnouncedRevocation, other: AnnouncedRevocation): boolean {
  if (one.eventId === other.eventId) return true;
  if (one.tokenId !== undefined || other.tokenId !== undefined) return false;
  return one.revokedAt <= other.revokedAt && one.expiresAt <= other.expiresAt;
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}
