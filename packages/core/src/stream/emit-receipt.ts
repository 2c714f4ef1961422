import type { EventId, Offset } from '@ws/types';

/** What `emit` answers: where the event is now. */
export interface EmitReceipt {
  readonly eventId: EventId;
  readonly epoch: string;
  readonly offset: Offset;
  /** The event was there before: this `event_id` was emitted earlier, nothing was written now. */
  readonly duplicate: boolean;
}
