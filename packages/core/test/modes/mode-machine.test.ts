import { describe, expect, it } from 'vitest';
import { INITIAL_MODE_STATE, isShedding, modeOf, reduceMode, type ModeInput } from '../../src/modes/mode-machine.ts';
import { Modes } from '../../src/modes/modes.ts';

const after = (...inputs: ModeInput[]) => inputs.reduce(reduceMode, INITIAL_MODE_STATE);

describe('the mode machine', () => {
  it.each<[ModeInput[], string, boolean]>([
    [[], 'unified', false],
    [['log_lost'], 'degraded', false],
    [['log_lost', 'log_back'], 'unified', false],
    [['load_high'], 'emergency', true],
    [['load_high', 'load_normal'], 'unified', false],
    [['shed_on'], 'emergency', true],
    [['shed_on', 'load_normal'], 'emergency', true],
    [['shed_on', 'shed_off'], 'unified', false],
    [['shed_on', 'load_high', 'shed_off'], 'emergency', true],
    [['log_lost', 'load_high'], 'degraded', true],
    [['log_lost', 'load_high', 'log_back'], 'emergency', true],
    [['load_high', 'log_lost', 'load_normal'], 'degraded', false],
  ])('%j is %s', (inputs, mode, shedding) => {
    const state = after(...inputs);
    expect(modeOf(state)).toBe(mode);
    expect(isShedding(state)).toBe(shedding);
  });

  it('stays the same object when nothing changes', () => {
    for (const input of ['log_back', 'load_normal', 'shed_off'] as const) {
      expect(reduceMode(INITIAL_MODE_STATE, input)).toBe(INITIAL_MODE_STATE);
    }
    for (const input of ['log_lost', 'load_high', 'shed_on'] as const) {
      const state = after(input);
      expect(reduceMode(state, input)).toBe(state);
    }
  });
});

it('says what changes the mode, and nothing of what does not', () => {
  const said: string[] = [];
  const modes = new Modes((mode, reason) => said.push(`${mode}: ${reason}`));
  modes.note('shed_on', 'by hand');
  modes.note('shed_on', 'again');
  modes.note('load_high', 'busy');
  modes.note('log_lost', 'gone');
  modes.note('shed_off', 'by hand');
  modes.note('load_normal', 'calm');
  modes.note('log_back', 'there');
  modes.note('log_back', 'still there');
  expect(said).toEqual(['emergency: by hand', 'degraded: gone', 'unified: there']);
});
