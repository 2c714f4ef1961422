import { FakeSocket } from '@ws/core/testing';
import type { FrameGroup } from '@ws/core/internal';

/** A socket in memory whose peer is of the first system: what it is sent is no frame of the protocol. */
export class LegacySocketDouble extends FakeSocket {
  readonly received: Record<string, unknown>[] = [];

  override send(groups: readonly FrameGroup[]): void {
    for (const { text } of groups.flatMap((group) => group.frames)) {
      const message = JSON.parse(text) as Record<string, unknown> | Record<string, unknown>[];
      this.received.push(...(Array.isArray(message) ? message : [message]));
    }
  }

  /** The events among what was received: all but the answers to frames. */
  get events(): readonly Record<string, unknown>[] {
    return this.received.filter(
      ({ type }) => !['connection_ready', 'pong', 'accepted', 'error'].includes(String(type)),
    );
  }
}
