import type { RetentionPolicy } from '@ws/core';
import type { NewLogEvent } from '@ws/core/log';
import type { Offset } from '@ws/types';

interface ModelEvent {
  readonly offset: Offset;
  readonly event: NewLogEvent;
}

/** What a stream is, in as few lines as can be: what a log does is compared with this. Offsets are the log's own. */
export class ModelStream {
  kept: ModelEvent[] = [];
  head: Offset = 0;
  trimmed: Offset = 0;
  checkpoint: string | undefined;

  offsetOf(id: string): Offset | undefined {
    return this.kept.find(({ event }) => event.eventId === id)?.offset;
  }

  push(event: NewLogEvent, offset: Offset): void {
    this.kept.push({ offset, event });
    this.head = offset;
  }

  after(position: Offset): readonly ModelEvent[] {
    return this.kept.filter(({ offset }) => offset > position);
  }

  trim(upTo: Offset, checkpoint: string): void {
    const target = this.kept.findLast(({ offset }) => offset <= upTo)?.offset;
    if (target === undefined) return;
    this.kept = [...this.after(target)];
    this.trimmed = target;
    this.checkpoint = checkpoint;
  }

  trimmable({ maxEvents, maxBytes, maxAgeMs }: RetentionPolicy, now: number): Offset {
    const goes = (index: number) => {
      const rest = this.kept.slice(index);
      const bytes = rest.reduce((sum, { event }) => sum + event.data.length, 0);
      return rest.length > maxEvents || bytes > maxBytes || (rest[0]?.event.timestamp ?? now) <= now - maxAgeMs;
    };
    const stays = this.kept.findIndex((_, index) => !goes(index));
    return (stays === -1 ? this.kept.at(-1) : this.kept[stays - 1])?.offset ?? 0;
  }
}
