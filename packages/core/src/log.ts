// For those who write a log or other storage: the port, and parts that logs on a server share.
export { systemClock, type Clock, type Timer } from './clock.ts';
export type { DurabilityProfile, Failure, Durability } from './log/durability-profile.ts';
export type {
  AppendedEvent,
  AppendResult,
  LogEvent,
  LogListener,
  LogPage,
  MaybePromise,
  NewLogEvent,
  RunLease,
  RunLeases,
  StreamHead,
} from './log/event-log.ts';
export { systemIds, type IdSource } from './random.ts';
export type { AnnouncedRevocation } from './shared/revocation-list.ts';
export type {
  ConnectionTable,
  ReplacedListener,
  SharedState,
  TableConnection,
  TicketStore,
} from './log/shared-state.ts';
export { parseStreamKey, streamKey, type StreamKey } from './stream-key.ts';
export { Feeds, type FeedsOptions } from './log/feeds.ts';
export { InFlight, type InFlightOptions } from './log/in-flight.ts';
export { newEpochName } from './log/new-epoch.ts';
export { MAX_PAGE_BYTES, withinBytes } from './log/page-bytes.ts';
export type { AppendNotice, FeedSource } from './log/stream-feed.ts';
export { readUrlParameters, type UrlParameter, type UrlParameterValues } from './log/url-parameters.ts';
