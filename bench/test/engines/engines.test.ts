import { describe, expect, test } from 'vitest';
import { ENGINES } from '../../src/engines/engines.ts';
import { keyOf, measureEngine, SHAPES } from '../../src/engines/measure.ts';
import { readEnginesOptions } from '../../src/engines/options.ts';

const names = Object.keys(ENGINES);

describe('pnpm bench engines', () => {
  test.each(['memory', 'sqlite-normal'])('%s: appends of every shape, and events that reach clients', async (name) => {
    const engine = ENGINES[name];
    if (engine === undefined) throw new Error(`there is no engine ${name}`);
    const figures = await measureEngine(engine, { engines: [name], rounds: 1, seconds: 0.05, events: 10 });
    for (const shape of SHAPES) expect(figures[keyOf(shape)]).toBeGreaterThan(0);
    expect(figures['same-p50']).toBeGreaterThan(0);
    // A memory log is one process's own.
    expect(figures['other-p50'] === undefined).toBe(name === 'memory');
  });

  test('reads its options, and says what is wrong with them', () => {
    expect(readEnginesOptions([], names)).toEqual({ engines: names, rounds: 3, seconds: 1, events: 1_000 });
    expect(readEnginesOptions(['--engine', 'nats,redis'], names)?.engines).toEqual(['redis', 'nats']);
    expect(readEnginesOptions(['--help'], names)).toBeUndefined();
    expect(() => readEnginesOptions(['--engine', 'kafka'], names)).toThrow('--engine kafka: must be one of memory');
    expect(() => readEnginesOptions(['--rounds', 'x'], names)).toThrow('--rounds must be a number from 1 to 100');
  });
});
