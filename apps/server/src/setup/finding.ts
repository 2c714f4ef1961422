/** One thing that was looked at in a set-up. */
export interface Finding {
  /** `note`: could not be looked at, or is worth knowing; `doubt`: works, but should be thought about; `fault`: has to be mended. */
  readonly verdict: 'good' | 'note' | 'doubt' | 'fault';
  /** What was found, as part of a sentence. Never a secret. */
  readonly what: string;
  /** What to do about it. */
  readonly advice?: string;
}
