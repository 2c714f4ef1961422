const SHOWN = 6;

/** The beginning of an epoch: enough to tell one from the next. */
export function shortenEpoch(epoch: string): string {
  return epoch.length > SHOWN + 1 ? `${epoch.slice(0, SHOWN)}…` : epoch;
}
