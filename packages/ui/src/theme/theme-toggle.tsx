import { useState } from 'react';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { browserStorage } from './browser-storage.ts';
import { applyThemeChoice, nextThemeChoice, readThemeChoice } from './theme-choice.ts';

const ICONS = { system: 'monitor', light: 'sun', dark: 'moon' } as const;

/** Goes round: system, light, dark. */
export function ThemeToggle() {
  const [choice, setChoice] = useState(() => readThemeChoice(browserStorage));
  const change = (): void => {
    const next = nextThemeChoice(choice);
    applyThemeChoice(next, browserStorage);
    setChoice(next);
  };
  return (
    <IconButton label={`Theme: ${choice}. Change to ${nextThemeChoice(choice)}`} onClick={change}>
      <Icon name={ICONS[choice]} />
    </IconButton>
  );
}
