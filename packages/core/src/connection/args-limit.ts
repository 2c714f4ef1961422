import type { JsonValue, OpenRun, PendingApproval } from '@ws/types';

/** Arguments of approvals that `connection_ready` brings along, in bytes of JSON; what is over it is read by itself. */
const MAX_READY_ARGS_BYTES = 262_144;

// Approvals wait for minutes, and every connection of the user gets them.
const sizes = new WeakMap<PendingApproval, number>();

/** Bytes of arguments as JSON. */
export function argsBytes(args: JsonValue): number {
  return Buffer.byteLength(JSON.stringify(args));
}

/** Open runs whose pending approvals bring no more arguments than `connection_ready` may hold: of the others it says that they are omitted. */
export function withinArgsLimit(runs: readonly OpenRun[], limit = MAX_READY_ARGS_BYTES): readonly OpenRun[] {
  let left = limit;
  return runs.map((run) => {
    const pending_approvals = run.pending_approvals.map((approval): PendingApproval => {
      const bytes = sizeOf(approval);
      if (bytes > left) return { ...approval, args: null, args_omitted: true };
      left -= bytes;
      return approval;
    });
    return { ...run, pending_approvals };
  });
}

function sizeOf(approval: PendingApproval): number {
  const known = sizes.get(approval) ?? argsBytes(approval.args);
  sizes.set(approval, known);
  return known;
}
