/** Where a command writes. */
export interface Output {
  /** What was asked for, a line at a time. */
  readonly out: (line: string) => void;
  /** What is said on the way: progress, faults. */
  readonly err: (line: string) => void;
}

/** What a command ends with. */
export const EXIT = {
  /** Nothing is left to do; a scan without `--strict` always ends so. */
  OK: 0,
  /** Legacy uses were found by `scan --strict`, or are left for hands by `migrate`. */
  LEFT: 1,
  /** The command was not understood, or a file could not be read. */
  FAILED: 2,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
