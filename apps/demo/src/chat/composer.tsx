import { useLayoutEffect, useState, type KeyboardEvent, type RefObject } from 'react';
import { Icon } from '@ws/ui';
import './composer.css';

export interface ComposerProps {
  readonly input: RefObject<HTMLTextAreaElement | null>;
  readonly agentName: string;
  readonly isWorking: boolean;
  readonly onSend: (text: string) => void;
}

/** Where the user writes. Enter sends, with Shift it begins a new line. */
export function Composer({ input, agentName, isWorking, onSend }: ComposerProps) {
  const [text, setText] = useState('');
  useLayoutEffect(() => fitHeight(input.current), [text, input]);
  const send = (): void => {
    const message = text.trim();
    if (message === '') return;
    onSend(message);
    setText('');
  };
  const pressed = (event: KeyboardEvent): void => {
    // The Enter that ends a word of an input method is not meant for us.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="composer"
      aria-label="Message"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="composer__box">
        <textarea
          ref={input}
          data-testid="composer-input"
          rows={1}
          value={text}
          placeholder={`Ask ${agentName}`}
          aria-label={`Message to ${agentName}`}
          aria-describedby="composer-keys"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={pressed}
        />
        <button
          type="submit"
          className="composer__send"
          data-testid="send-button"
          aria-label="Send"
          title="Send (Enter)"
          disabled={text.trim() === ''}
        >
          <Icon name="send" size={17} />
        </button>
      </div>
      <p className="composer__keys" id="composer-keys">
        <span>
          <kbd>Enter</kbd> to send
        </span>
        <span>
          <kbd>Shift</kbd> <kbd>Enter</kbd> for a new line
        </span>
        <span>
          <kbd>/</kbd> to write
        </span>
        <span data-active={isWorking}>
          <kbd>Esc</kbd> to stop the run
        </span>
      </p>
    </form>
  );
}

function fitHeight(element: HTMLTextAreaElement | null): void {
  if (element === null) return;
  element.style.height = 'auto';
  element.style.height = `${element.scrollHeight}px`;
}
