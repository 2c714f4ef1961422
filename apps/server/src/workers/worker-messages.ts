import type { AnnouncedRevocation } from '@ws/core/log';
import type { MetricsSnapshot } from '@ws/server';

/** What a worker tells its parent. */
export type FromWorker =
  | { readonly kind: 'listening'; readonly url: string }
  /** Its own metrics, as it was asked. */
  | { readonly kind: 'metrics'; readonly id: number; readonly metrics: MetricsSnapshot | undefined }
  /** It wants those of all. */
  | { readonly kind: 'gather_metrics'; readonly id: number }
  /** It has revoked credentials, and the log could not take it: the other workers are to know. */
  | { readonly kind: 'revoked'; readonly revocation: AnnouncedRevocation };

/** What the parent tells a worker. */
export type ToWorker =
  | { readonly kind: 'report_metrics'; readonly id: number }
  | { readonly kind: 'gathered_metrics'; readonly id: number; readonly page: string }
  /** Another worker has, as above. */
  | { readonly kind: 'revoked'; readonly revocation: AnnouncedRevocation };
