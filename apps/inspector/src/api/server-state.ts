/** What `GET /debug/state` answers, as far as the page shows it. Times are in milliseconds since 1970. */
export interface ServerState {
  readonly node: {
    readonly pid: number;
    readonly node_version: string;
    readonly started_at: number;
    readonly now: number;
  };
  readonly mode: string;
  readonly draining: boolean;
  readonly log: { readonly name: string; readonly reachable: boolean; readonly durability: string };
  readonly totals: Totals;
  /** Oldest first; the newest is of this moment. */
  readonly samples: readonly Sample[];
  readonly connections: readonly ConnectionState[];
  readonly streams: readonly StreamState[];
}

export interface Totals {
  readonly connections: { readonly catching_up: number; readonly live: number; readonly lagging: number };
  readonly streams: number;
}

export interface Sample {
  readonly at: number;
  readonly connections: number;
  readonly users: number;
  readonly open_runs: number;
  readonly max_behind: number;
  readonly buffered_bytes: number;
  readonly held_events: number;
  readonly appended: number;
  readonly delivered: number;
  readonly refused: number;
  readonly lagged: number;
  readonly event_loop_lag_ms: number;
  readonly heap_used_bytes: number;
  readonly rss_bytes: number;
}

export interface ConnectionState {
  readonly id: string;
  readonly user_id: string;
  readonly state: string;
  readonly connected_at: number;
  readonly threads: readonly string[] | null;
  readonly sent_offset: number;
  readonly acked_offset: number;
  readonly behind: number;
  readonly buffered_bytes: number;
}

export interface RunState {
  readonly run_id: string;
  readonly thread_id?: string;
  readonly agent_name: string;
  readonly started_at: number;
  readonly tools: readonly string[];
  readonly approvals: number;
}

export interface StreamState {
  readonly user_id: string;
  readonly isolated_thread?: string;
  readonly epoch: string;
  readonly head: number;
  readonly oldest: number;
  readonly connections: number;
  readonly open_runs: readonly RunState[];
}
