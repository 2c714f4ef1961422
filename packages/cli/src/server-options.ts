import { Option, type Command } from 'commander';
import { EXIT, Failure } from './failure.ts';

/** The service a command talks to. */
export interface ServerOptions {
  readonly url: string;
  readonly key: string;
}

const DEVELOPMENT_KEY = 'dev-key';
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Adds `--url`. The key comes from the environment alone: what stands on a command line is seen by every process of the machine. */
export function withServer(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'address of the service').env('WS_URL').default('http://127.0.0.1:8080'))
    .addHelpText(
      'after',
      '\nThe API key is read from WS_API_KEY; on a loopback address it may be left out in development mode.',
    );
}

/** Reads what {@link withServer} added. Throws a `Failure` that says what is missing. */
export function readServer({ url }: { readonly url: string }): ServerOptions {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || !/^https?:$/.test(address.protocol)) {
    throw new Failure(`--url must be an http or https address, got ${url}`, EXIT.usage);
  }
  const key = process.env['WS_API_KEY'] || (isLoopback(address) ? DEVELOPMENT_KEY : '');
  if (key === '') throw new Failure('Set WS_API_KEY to a key of the service.', EXIT.usage);
  return { url: address.href.replace(/\/$/, ''), key };
}

/** Whether an address is of this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}
