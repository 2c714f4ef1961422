/** What went wrong, as a sentence for the person at the keyboard. */
export class Failure extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** How a command ends. */
export const EXIT = Object.freeze({
  /** It did what it was asked for. */
  ok: 0,
  /** It could not, or found what it looked for: `doctor` a fault, `load` a lost event. */
  failed: 1,
  /** It was not asked in a way it understands. */
  usage: 2,
} as const);

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
