// What a hub tells of itself: snapshots, counters, timings, diagnostics.
export type { ClockStep } from './clock-watch.ts';
export type { HubHealth, HubStats } from './hub/hub-status.ts';
export type { ModeListener } from './modes/modes.ts';
export { DIAGNOSTIC_CHANNELS, type DiagnosticMessages } from './observe/channels.ts';
export type {
  ConnectionSnapshot,
  HubSnapshot,
  HubTotals,
  InspectOptions,
  OpenRunSnapshot,
  StreamSnapshot,
} from './hub/hub-snapshot.ts';
export type { HubCounters, TimingName, TimingSink } from './observe/metrics.ts';
export type { PendingApprovalInfo } from './run/run-table.ts';
