import { useMemo } from 'react';
import { Icon } from '@ws/ui';
import { usePage } from '../app/session-context.ts';
import type { ConversationChoice } from '../app/use-conversation.ts';
import { ThreadEntry } from './thread-entry.tsx';
import { orderedThreads } from './thread-order.ts';
import './thread-list.css';

/** The user's conversations. `onChosen` is called after each choice, to close a drawer. */
export function ThreadList({
  choice,
  onChosen,
}: {
  readonly choice: ConversationChoice;
  readonly onChosen: () => void;
}) {
  const threads = usePage((state) => state.conversation.threads);
  const ordered = useMemo(() => orderedThreads(threads), [threads]);
  return (
    <nav className="thread-list" aria-label="Conversations">
      <button
        type="button"
        className="thread-list__new"
        data-testid="new-thread"
        onClick={() => {
          choice.startNew();
          onChosen();
        }}
      >
        <Icon name="plus" size={16} />
        New conversation
      </button>
      {ordered.length === 0 && (
        <p className="thread-list__none">Conversations appear here as soon as you ask something.</p>
      )}
      <ul>
        {ordered.map((thread) => (
          <li key={thread.id}>
            <ThreadEntry
              thread={thread}
              isCurrent={thread.id === choice.threadId}
              onChoose={() => {
                choice.choose(thread.id);
                onChosen();
              }}
            />
          </li>
        ))}
      </ul>
    </nav>
  );
}
