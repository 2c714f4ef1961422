import { Markdown } from '../markdown/markdown.tsx';
import './run-answer.css';

/** The answer. Read out when it is complete, not word by word. */
export function RunAnswer({ text, isRunning }: { readonly text: string; readonly isRunning: boolean }) {
  return (
    <div
      className="run-answer"
      data-testid="answer"
      data-writing={isRunning && text !== ''}
      aria-live="polite"
      aria-busy={isRunning}
      hidden={text === ''}
    >
      <Markdown text={text} />
    </div>
  );
}
