/** How a manager works at the moment; see `docs/architecture.md`, "Modes". */
export const WebSocketManagerMode = {
  /** Normal: log, all nodes, resume. */
  UNIFIED: 'unified',
  /** Bound to one thread: events of other threads are neither seen nor accepted. */
  ISOLATED: 'isolated',
  /** The log cannot be reached: events are sent as volatile and held until it returns. */
  DEGRADED: 'degraded',
  /** Over the limits of memory or event-loop lag: new connections refused, text merged, critical events pass. */
  EMERGENCY: 'emergency',
} as const;

export type WebSocketManagerMode = (typeof WebSocketManagerMode)[keyof typeof WebSocketManagerMode];
