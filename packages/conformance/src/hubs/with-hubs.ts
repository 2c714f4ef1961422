import { createHub, type EventLog, type Hub, type HubOptions } from '@ws/core';

/** A busy machine is not what a case is about. */
const NO_LIMITS = { lagMs: 600_000, heapShare: 1 };

/** Runs a case with one hub for each log, and closes them after it, whatever becomes of it. */
export async function withHubs(
  logs: readonly EventLog[],
  options: HubOptions,
  run: (hubs: readonly Hub[]) => Promise<void>,
): Promise<void> {
  const hubs = logs.map((log) =>
    createHub({
      ...options,
      log,
      tuning: { coalesceMs: 0, ...options.tuning },
      limits: { load: NO_LIMITS, ...options.limits },
    }),
  );
  try {
    await run(hubs);
  } finally {
    await Promise.all(hubs.map((hub) => hub.close()));
  }
}
