/** What every server of a comparison can do, written as its own users would write it. */
export interface ServerUnderTest {
  /** Port it listens on, on 127.0.0.1. */
  readonly port: number;
  /** Makes what users `0` to `users - 1` need before their first event. */
  prepare(users: number): Promise<void> | void;
  /** Sends one event for each delta, in order, to every connection of the user. A promise is settled when the server has taken them. */
  emit(user: number, deltas: readonly string[]): Promise<unknown> | undefined;
  /** Goes away in order, as at a deploy. */
  close(): Promise<void>;
}

/** How a server is started. */
export interface TargetOptions {
  /** 0 for a free one. */
  readonly port: number;
  /** Events each user was sent by the process before this one: the numbers go on. */
  readonly sent: number;
}

/** Runs in every target: reads its options from the command line. */
export function targetOptions(): TargetOptions {
  const [, , port = '0', sent = '0'] = process.argv;
  return { port: Number(port), sent: Number(sent) };
}
