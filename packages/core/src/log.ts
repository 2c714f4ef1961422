// For those who write a log, and for those who read one: the port, what stands beside it, and parts that logs on a server share.
export { systemClock, type Clock, type Timer } from './clock.ts';
export type { DurabilityProfile, Mishap, Survival } from './log/durability-profile.ts';
export type {
  AppendedEvent,
  AppendResult,
  EventLog,
  LogEvent,
  LogListener,
  LogPage,
  MaybePromise,
  NewLogEvent,
  RetentionPolicy,
  RunLease,
  RunLeases,
  StreamHead,
} from './log/event-log.ts';
export { Feeds, type FeedsOptions } from './log/feeds.ts';
export { InFlight, type InFlightOptions } from './log/in-flight.ts';
export { newEpochName } from './log/new-epoch.ts';
export { MAX_PAGE_BYTES, withinBytes } from './log/page-bytes.ts';
export type { AppendNotice, FeedSource } from './log/stream-feed.ts';
export { readUrlParameters, type UrlParameter, type UrlParameterValues } from './log/url-parameters.ts';
export { systemIds, type IdSource } from './random.ts';
export type {
  ConnectionTable,
  ReplacedListener,
  SharedState,
  TableConnection,
  TicketStore,
} from './shared/shared-state.ts';
export { parseStreamKey, streamKey, type StreamKey } from './stream-key.ts';
