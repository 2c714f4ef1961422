/** What the user chose: a theme, or to follow the system. */
export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'ws:theme';
const CHOICES: readonly ThemeChoice[] = ['system', 'light', 'dark'];

export function readThemeChoice(storage: Pick<Storage, 'getItem'>): ThemeChoice {
  return CHOICES.find((choice) => choice === storage.getItem(KEY)) ?? 'system';
}

export function nextThemeChoice(choice: ThemeChoice): ThemeChoice {
  return CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length] ?? 'system';
}

/** Shows a choice and remembers it. */
export function applyThemeChoice(choice: ThemeChoice, storage: Pick<Storage, 'setItem'>): void {
  if (choice === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = choice;
  storage.setItem(KEY, choice);
}
