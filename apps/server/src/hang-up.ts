import { isatty } from 'node:tty';

/** What SIGHUP does. */
export interface HangUp {
  /** The terminal was closed. Called once, however many signals that makes. */
  readonly closed: () => void;
  /** The signal was sent to a service without a terminal. */
  readonly otherwise: () => void;
}

/**
 * SIGHUP has two meanings: the terminal that the service was started in was closed, or, where there is none, "read your files again".
 * `nohup`, systemd and a container without `-t` give a service no terminal.
 */
export function onHangUp({ closed, otherwise }: HangUp): void {
  if (!isatty(0) && !isatty(1)) {
    process.on('SIGHUP', otherwise);
    return;
  }
  // Shell and system both send it. A second one would be taken for haste.
  process.once('SIGHUP', () => {
    process.on('SIGHUP', () => undefined);
    closed();
  });
  // The terminal no longer shows what is written from now on.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
}
