// For those who run a service: what a hub counts, times and shows of itself.
export type { ClockStep } from './clock-watch.ts';
export type { LoadLimits } from './modes/load-monitor.ts';
export type { ModeListener } from './modes/modes.ts';
export type { DiagnosticMessages } from './observe/channels.ts';
export type {
  ConnectionSnapshot,
  HubSnapshot,
  HubTotals,
  InspectOptions,
  OpenRunSnapshot,
  StreamSnapshot,
} from './observe/hub-snapshot.ts';
export type { HubCounters, TimingName, TimingSink } from './observe/metrics.ts';
