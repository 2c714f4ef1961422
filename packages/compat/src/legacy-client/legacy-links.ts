import type { UnifiedWebSocketManager } from '@ws/core';
import type { Session } from '@ws/core/internal';
import type { LegacyTranslator } from '../legacy-events/legacy-translator.ts';

/** A connection that legacy code made. */
export interface LegacyLink {
  readonly session: Session;
  /** What legacy code gave it: its WebSocket, and the id it knows it by. */
  readonly socket: object;
  readonly connectionId: string | undefined;
  readonly jobId: string | undefined;
  /** Absent where the peer speaks the protocol itself. */
  readonly translator: LegacyTranslator | undefined;
}

// A set per manager, with the open links alone: a link leaves it when its socket closes.
const links = new WeakMap<UnifiedWebSocketManager, Set<LegacyLink>>();

/** The open connections that legacy code made for a user, oldest first. */
export function linksOf(manager: UnifiedWebSocketManager): ReadonlySet<LegacyLink> {
  return links.get(manager) ?? new Set();
}

export function addLink(manager: UnifiedWebSocketManager, link: LegacyLink): void {
  const known = links.get(manager) ?? new Set();
  links.set(manager, known.add(link));
}

export function removeLink(manager: UnifiedWebSocketManager, link: LegacyLink): void {
  links.get(manager)?.delete(link);
}

/** The link of a WebSocket, or of a connection id: the one legacy code gave, or the connection's own. */
export function linkOf(manager: UnifiedWebSocketManager, key: unknown): LegacyLink | undefined {
  return [...linksOf(manager)].find(
    (link) => link.socket === key || link.connectionId === key || link.session.connection?.id === key,
  );
}
