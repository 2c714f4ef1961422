import { Command, Option } from 'commander';
import { call } from '../api/call.ts';
import { EXIT, Failure } from '../failure.ts';
import { LoadTest, type LoadPlan } from '../load/load-test.ts';
import { printReport } from '../load/report.ts';
import { ProgressBar } from '../load/progress-bar.ts';
import { wholeNumber } from '../parse-options.ts';
import { isLoopback, readServer, withServer } from '../server-options.ts';

interface Options {
  readonly url: string;
  readonly users: number;
  readonly tabs: number;
  readonly rate: number;
  readonly seconds: number;
  readonly remote?: true;
}

export function loadCommand(): Command {
  const number = (flags: string, text: string, fallback: number, max: number): Option =>
    new Option(flags, text).argParser(wholeNumber(1, max)).default(fallback);
  const command = new Command('load')
    .description(
      'Put load on a service: publish to users whose tabs are connected, and say how long events take and whether any is lost.',
    )
    .addOption(number('--users <number>', 'users', 20, 10_000))
    .addOption(number('--tabs <number>', 'connections of each user', 2, 20))
    .addOption(number('--rate <number>', 'events published in a second, over all users', 100, 20_000))
    .addOption(number('--seconds <number>', 'how long', 10, 3_600))
    .option('--remote', 'allow a service that is not on this machine: only with the word of who runs it')
    .action(load);
  return withServer(command);
}

async function load({ users, tabs, rate, seconds, remote, ...options }: Options): Promise<void> {
  const server = readServer(options);
  if (remote !== true && !isLoopback(new URL(server.url))) {
    throw new Failure(
      `${server.url} is not on this machine. Add --remote if whoever runs it wants this load.`,
      EXIT.usage,
    );
  }
  // Asked once before it is asked by all tabs at once: whether there is a service, and whether it knows the key.
  await call(server, '/v1/tickets', { user_id: 'load' });
  const plan: LoadPlan = { users, tabs, rate, seconds };
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  const bar = new ProgressBar(process.stderr);
  const test = new LoadTest(server, plan, stopped.signal, (share, label) => bar.show(share, label));
  const result = await test.run().finally(() => bar.clear());
  printReport(plan, result, (line) => console.log(line));
  if (result.missing > 0 || result.repeated > 0) throw new Failure('Events were lost or repeated.');
  if (result.refused > 0)
    throw new Failure(`${result.refused} events were refused: ${result.refusal ?? 'no reason was given'}`);
}
