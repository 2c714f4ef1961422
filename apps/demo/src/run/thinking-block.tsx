import { useState } from 'react';
import { Icon } from '@ws/ui';
import './thinking-block.css';

/** The agent's reasoning. Open while there is nothing else to see, until the user decides otherwise. */
export function ThinkingBlock({ text, isWorking }: { readonly text: string; readonly isWorking: boolean }) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const isOpen = chosen ?? isWorking;
  return (
    <div className="thinking" data-testid="thinking" data-open={isOpen}>
      <button type="button" className="thinking__toggle" aria-expanded={isOpen} onClick={() => setChosen(!isOpen)}>
        <span className="step-mark" data-tone="thinking">
          <Icon name="thought" size={14} />
        </span>
        <span className="thinking__title">Thinking</span>
        {!isOpen && <span className="thinking__preview">{lastLine(text)}</span>}
        <span className="thinking__chevron" aria-hidden="true">
          <Icon name="chevron" size={14} />
        </span>
      </button>
      <div className="thinking__fold">
        <p className="thinking__text">{text.trim()}</p>
      </div>
    </div>
  );
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
