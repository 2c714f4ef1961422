// `pnpm bench engines`: every log in turns, and Socket.IO with its Redis Streams adapter beside them.
import { redisProgram } from '../server/redis-process.ts';
import { median } from '../speed/statistics.ts';
import { textTable } from '../speed/text-table.ts';
import { ENGINES } from './engines.ts';
import { keyOf, measureEngine, measureSocketIo, SHAPES, type Figures } from './measure.ts';
import { readEnginesOptions, USAGE } from './options.ts';

interface Contestant {
  readonly title: string;
  readonly measure: () => Promise<Figures>;
  readonly rounds: Figures[];
}

/** Measures and prints. Answers the exit code. */
export async function benchEngines(args: readonly string[]): Promise<number> {
  const options = readEnginesOptions(args, Object.keys(ENGINES));
  if (options === undefined) {
    console.log(USAGE(Object.keys(ENGINES)));
    return 0;
  }
  const contestants: Contestant[] = [];
  for (const name of options.engines) {
    const engine = ENGINES[name];
    if (engine === undefined) continue;
    const missing = engine.missing();
    if (missing === undefined) {
      contestants.push({ title: engine.title, measure: () => measureEngine(engine, options), rounds: [] });
    } else console.warn(`${engine.title} is left out: ${missing}`);
  }
  if (redisProgram() !== undefined) {
    contestants.push({ title: 'Socket.IO, Redis Streams', measure: () => measureSocketIo(options), rounds: [] });
  }
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const { title, measure, rounds } of contestants) {
      process.stderr.write(`round ${round} of ${options.rounds}: ${title}\n`);
      rounds.push(await measure());
    }
  }
  console.log(report(contestants));
  return 0;
}

function report(contestants: readonly Contestant[]): string {
  const rates = SHAPES.map((shape) => ({ key: keyOf(shape), title: `${shape.streams} × ${shape.events}` }));
  const ways = ['same-p50', 'same-p99', 'other-p50', 'other-p99'];
  const cell = (rounds: readonly Figures[], key: string, digits: number): string => {
    const value = median(rounds.map((figures) => figures[key] ?? NaN));
    if (!Number.isFinite(value)) return '–';
    return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  };
  const appends = contestants.map(({ title, rounds }) => [
    title,
    ...rates.map(({ key }) => cell(rounds, key, 0)),
    ...rates.map(({ key }) => cell(rounds, `${key}-cpu`, 1)),
  ]);
  const arrivals = contestants.map(({ title, rounds }) => [title, ...ways.map((key) => cell(rounds, key, 2))]);
  return [
    'Appended events per second, and CPU of the appending process in µs per event, by streams × events at once',
    '',
    textTable(['log', ...rates.map(({ title }) => title), ...rates.map(({ title }) => `${title}, µs`)], appends),
    '',
    'From emit to a client, in ms: p50 and p99, of the same node and of another one',
    '',
    textTable(['log', 'same p50', 'same p99', 'other p50', 'other p99'], arrivals),
  ].join('\n');
}
