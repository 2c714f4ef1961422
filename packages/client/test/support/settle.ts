const TURNS = 24;

/** Lets everything run that only waits for promises. No time passes. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
}
