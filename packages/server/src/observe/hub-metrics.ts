import type { Hub } from '@ws/core';
import type { HubHealth, HubStats, HubTotals } from '@ws/core/observe';
import { WebSocketManagerMode } from '@ws/types';
import { Counter, Gauge, type Aggregator, type Registry } from '@prometheus-io/client';

const COUNTERS = {
  ws_events_appended_total: ['appended', 'Events written to the log'],
  ws_events_refused_total: ['refused', 'Events refused: bad shape, wrong run order, log away for too long'],
  ws_event_frames_sent_total: ['delivered', 'Event frames handed to sockets; a merged frame counts once'],
  ws_connections_opened_total: ['connected', 'Connections that said a good hello'],
  ws_connections_lagged_total: ['lagged', 'Times a connection fell behind its outbound budget'],
  ws_runs_interrupted_total: ['interrupted', 'Runs ended because their lease lapsed'],
  ws_connections_rate_limited_total: [
    'rateLimited',
    'Connections closed because their peer, or their user, sent too much',
  ],
  ws_clock_steps_total: [
    'clockSteps',
    'Times the wall clock was set by a second or more, or the machine was suspended',
  ],
  ws_agent_calls_taken_total: ['callsTaken', 'Calls that an agent elsewhere took'],
  ws_agent_calls_retried_total: [
    'callsRetried',
    'Attempts to call an agent elsewhere that failed and are followed by another',
  ],
  ws_agent_calls_failed_total: ['callsFailed', 'Calls to an agent elsewhere that were given up'],
  ws_mode_changes_total: ['modeChanges', 'Changes of mode'],
} as const satisfies Readonly<Record<string, readonly [keyof HubStats, string]>>;

type Sum = Exclude<keyof HubTotals, 'connections' | 'sockets'>;

/** With what they mean for several processes together. */
const GAUGES = {
  ws_users: ['users', 'Users with a connection; of several workers each counts its own', 'sum'],
  ws_streams_in_memory: ['streams', 'User streams held in memory', 'sum'],
  ws_runs_open: ['openRuns', 'Open runs of the streams in memory; of several workers each counts its own', 'sum'],
  ws_events_held: ['heldEvents', 'Events that wait for the log to come back', 'sum'],
  ws_outbound_buffered_bytes: [
    'bufferedBytes',
    'Bytes written to sockets that the operating system has not taken yet',
    'sum',
  ],
  ws_connection_behind_max_events: [
    'maxBehind',
    'Events that the connection farthest behind has yet to be sent',
    'max',
  ],
} as const satisfies Readonly<Record<string, readonly [Sum, string, Aggregator]>>;

const MODES = Object.values(WebSocketManagerMode);

/** What a hub counts and holds, as metrics. Taken over on each scrape: nothing is kept up to date in between. */
export class HubMetrics {
  readonly #counters: readonly (readonly [Counter, keyof HubStats])[];
  readonly #gauges: readonly (readonly [Gauge, Sum])[];
  readonly #sockets: Gauge;
  readonly #unauthenticated: Gauge;
  readonly #unwrittenRevocations: Gauge;
  readonly #writeAhead: Gauge;
  readonly #waitingCalls: Gauge;
  readonly #ready: Gauge<'state'>;
  readonly #mode: Gauge<'mode'>;
  readonly #logReachable: Gauge<'log'>;
  readonly #draining: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#counters = Object.entries(COUNTERS).map(([name, [key, help]]) => [
      new Counter({ name, help, registers }),
      key,
    ]);
    this.#gauges = Object.entries(GAUGES).map(([name, [key, help, aggregator]]) => [
      new Gauge({ name, help, aggregator, registers }),
      key,
    ]);
    this.#sockets = new Gauge({
      name: 'ws_connections',
      help: 'Open sockets, also those that have not said hello yet',
      registers,
    });
    this.#unauthenticated = new Gauge({
      name: 'ws_connections_unauthenticated',
      help: 'Open sockets whose peers have not proved yet who they are',
      registers,
    });
    this.#unwrittenRevocations = new Gauge({
      name: 'ws_revocations_unwritten',
      help: 'Revocations that other nodes do not know yet, because the log is unavailable or full',
      aggregator: 'max',
      registers,
    });
    this.#writeAhead = new Gauge({
      name: 'ws_log_write_ahead_bytes',
      help: 'Bytes of the write-ahead log of a SQLite log, which grow while another program keeps a read transaction open',
      // Workers share the file.
      aggregator: 'max',
      registers,
    });
    this.#waitingCalls = new Gauge({
      name: 'ws_agent_calls_waiting',
      help: 'Calls of all users that an agent elsewhere has yet to take; each process knows all of them',
      aggregator: 'max',
      registers,
    });
    this.#ready = new Gauge({
      name: 'ws_connections_ready',
      help: 'Connections that were answered with connection_ready, by state',
      labelNames: ['state'],
      registers,
    });
    this.#mode = new Gauge({
      name: 'ws_mode',
      help: '1 for the mode the service is in, 0 for the others; of several workers each may be in another',
      labelNames: ['mode'],
      aggregator: 'max',
      registers,
    });
    this.#logReachable = new Gauge({
      name: 'ws_log_reachable',
      help: '1 if the event log answers, and each of several workers says so',
      labelNames: ['log'],
      aggregator: 'min',
      registers,
    });
    this.#draining = new Gauge({
      name: 'ws_draining',
      help: '1 while the service goes away',
      aggregator: 'max',
      registers,
    });
  }

  async update(hub: Hub): Promise<void> {
    const health: HubHealth = await hub.health();
    const stats = hub.stats();
    const { totals } = hub.inspect({ limit: 0 });
    for (const [counter, key] of this.#counters) {
      counter.reset();
      counter.inc(stats[key]);
    }
    this.#sockets.set(stats.connections);
    this.#unauthenticated.set(stats.unauthenticated);
    this.#unwrittenRevocations.set(stats.unwrittenRevocations);
    this.#writeAhead.set(stats.writeAheadBytes);
    this.#waitingCalls.set(stats.waitingCalls);
    for (const [gauge, key] of this.#gauges) gauge.set(totals[key]);
    for (const [state, count] of Object.entries(totals.connections)) this.#ready.set({ state }, count);
    for (const mode of MODES) this.#mode.set({ mode }, mode === health.mode ? 1 : 0);
    this.#logReachable.set({ log: health.log.name }, health.log.reachable ? 1 : 0);
    this.#draining.set(health.draining ? 1 : 0);
  }
}
