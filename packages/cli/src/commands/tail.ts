import { once } from 'node:events';
import { Command, Option } from 'commander';
import type { StartFrom, StreamEvent } from '@ws/types';
import { Refused } from '../api/call.ts';
import { failureOf, userClient } from '../api/user-client.ts';
import { eventLine } from '../event-line.ts';
import { EXIT, Failure } from '../failure.ts';
import { several, wholeNumber } from '../parse-options.ts';
import { readServer, withServer } from '../server-options.ts';

interface Options {
  readonly url: string;
  readonly user: string;
  readonly from: string;
  readonly thread?: readonly string[];
  readonly type?: readonly string[];
  readonly count?: number;
  readonly json?: true;
}

export function tailCommand(): Command {
  const command = new Command('tail')
    .description('Follow the stream of a user: each event once and in order, also over restarts of the service.')
    .requiredOption('--user <id>', 'whose stream')
    .option('--from <place>', 'where to begin: latest, earliest (the oldest event kept), or EPOCH:OFFSET', 'latest')
    .option('--thread <id>', 'only events of this thread; may be given several times', several)
    .option('--type <name>', 'only events of this type; may be given several times', several)
    .addOption(new Option('-n, --count <number>', 'stop after so many events').argParser(wholeNumber(1, 1_000_000_000)))
    .option('--json', 'print events as JSON Lines')
    .action(tail);
  return withServer(command);
}

async function tail(options: Options): Promise<void> {
  const server = readServer(options);
  const from = readPlace(options.from);
  const threads = options.thread === undefined ? {} : { threads: options.thread };
  const client = userClient(server, options.user, { from, ...threads });
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  let refusal: Refused | undefined;
  const trouble = new Trouble();
  client.on('state', (state) => {
    if (state.status === 'live') trouble.isOver();
    if (state.status !== 'waiting') return;
    const why = state.error === undefined ? undefined : failureOf(state.error);
    if (why instanceof Refused && why.isFinal) {
      refusal = why;
      stopped.abort();
    } else trouble.say(`not connected, trying again${why === undefined ? '' : `: ${why.message}`}`);
  });
  client.on('reset', () => console.error('the stream was reset: what follows begins at the oldest event kept'));
  client.on('error', (error) => {
    // Why there is no connection was said with the state.
    if (client.state.status !== 'waiting') console.error(failureOf(error).message);
  });
  client.connect();
  let left = options.count ?? Infinity;
  for await (const item of client.stream({ signal: stopped.signal })) {
    // What the log does not have yet comes again with an offset.
    if (item.kind !== 'event') continue;
    const { event } = item;
    if (options.type !== undefined && !options.type.includes(event.type)) continue;
    await print(event, options.json === true);
    left -= 1;
    if (left === 0) break;
  }
  const { state } = client;
  client.close();
  if (refusal !== undefined) throw refusal;
  if (state.status === 'closed' && !stopped.signal.aborted) {
    throw new Failure(`the service closed the connection for good: ${state.reason}`);
  }
}

/** Says what is wrong once, not with every attempt. */
class Trouble {
  readonly #said = new Set<string>();

  say(sentence: string): void {
    if (this.#said.has(sentence)) return;
    this.#said.add(sentence);
    console.error(sentence);
  }

  isOver(): void {
    if (this.#said.size > 0) console.error('connected');
    this.#said.clear();
  }
}

async function print(event: StreamEvent, asJson: boolean): Promise<void> {
  const text = asJson ? JSON.stringify(event) : eventLine(event);
  if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
}

function readPlace(text: string): StartFrom {
  if (text === 'latest' || text === 'earliest') return text;
  const [, epoch, offset] = /^(.+):(\d{1,15})$/.exec(text) ?? [];
  if (epoch !== undefined) return { epoch, offset: Number(offset) };
  throw new Failure(`--from must be latest, earliest or EPOCH:OFFSET, got ${text}`, EXIT.usage);
}
