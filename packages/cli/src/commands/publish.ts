import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Command, Option } from 'commander';
import { call } from '../api/call.ts';
import { EXIT, Failure } from '../failure.ts';
import { jsonObject } from '../parse-options.ts';
import { readServer, withServer, type ServerOptions } from '../server-options.ts';

interface Options {
  readonly url: string;
  readonly user: string;
  readonly type?: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly thread?: string;
  readonly id?: string;
  readonly file?: string;
}

/** Events sent in one request; the service takes a thousand. */
const BATCH = 500;

export function publishCommand(): Command {
  const command = new Command('publish')
    .description('Publish one event to a user, or a file of them, and print the offsets.')
    .requiredOption('--user <id>', 'who gets them')
    .option('--type <name>', 'type of the event')
    .addOption(new Option('--payload <json>', 'payload of the event').argParser(jsonObject).default({}, '{}'))
    .option('--run <id>', 'run it belongs to')
    .option('--thread <id>', 'thread it belongs to')
    .option('--id <id>', 'event_id: the same id again is the same event')
    .option('--file <path>', 'a file of events as JSON Lines, or - for standard input; what tail --json prints will do')
    .action(publish);
  return withServer(command);
}

async function publish(options: Options): Promise<void> {
  const server = readServer(options);
  if ((options.type === undefined) === (options.file === undefined)) {
    throw new Failure('Give either --type or --file.', EXIT.usage);
  }
  if (options.file === undefined) {
    const { type, payload, run, thread, id } = options;
    await send(server, options.user, [{ type, payload, run_id: run, thread_id: thread, event_id: id }]);
    return;
  }
  let batch: unknown[] = [];
  for await (const event of eventsOf(options.file)) {
    batch.push(event);
    if (batch.length < BATCH) continue;
    await send(server, options.user, batch);
    batch = [];
  }
  if (batch.length > 0) await send(server, options.user, batch);
}

async function send(server: ServerOptions, user: string, events: readonly unknown[]): Promise<void> {
  const path = `/v1/users/${encodeURIComponent(user)}/events`;
  // The service that was asked answers in the form of the protocol.
  const { epoch, offsets } = (await call(server, path, { events })) as { epoch: string; offsets: readonly number[] };
  for (const offset of offsets) console.log(`${epoch}:${offset}`);
}

/** The fields that a publisher gives; what the service adds (`offset`, `timestamp`, `merged`) is left out. */
const FIELDS = ['type', 'payload', 'thread_id', 'run_id', 'event_id', 'traceparent'];

async function* eventsOf(path: string): AsyncGenerator<object> {
  const input = path === '-' ? process.stdin : createReadStream(path);
  let number = 0;
  try {
    for await (const line of createInterface({ input })) {
      number += 1;
      if (line.trim() === '') continue;
      const event = jsonObject(line);
      yield Object.fromEntries(FIELDS.flatMap((name) => (name in event ? [[name, event[name]] as const] : [])));
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(number === 0 ? `${path} can't be read: ${why}` : `line ${number} of ${path}: ${why}`);
  }
}
