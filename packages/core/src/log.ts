// For those who write a log: parts that logs on a server share.
export { Feeds, type FeedsOptions } from './log/feeds.ts';
export { InFlight, type InFlightOptions } from './log/in-flight.ts';
export { newEpochName } from './log/new-epoch.ts';
export { MAX_PAGE_BYTES, withinBytes } from './log/page-bytes.ts';
export type { AppendNotice, FeedSource } from './log/stream-feed.ts';
export { readUrlParameters, type UrlParameter, type UrlParameterValues } from './log/url-parameters.ts';
