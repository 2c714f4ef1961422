import { useMemo } from 'react';
import { useConnection, useThread } from '@ws/react';
import { formatAgo, Icon, Spinner, useNow } from '@ws/ui';
import type { ConversationChoice } from '../app/place.ts';
import { usePage } from '../app/session-context.ts';
import { threadActivity } from '../run/run-activity.ts';
import { latestFirst, NO_THREAD, type Conversation } from '../state/conversations.ts';
import './thread-list.css';

/** The user's conversations. `onChosen` is called after each choice, to close a drawer. */
export function ThreadList({
  choice,
  onChosen,
}: {
  readonly choice: ConversationChoice;
  readonly onChosen: () => void;
}) {
  const threads = usePage((state) => state.conversations.threads);
  const ordered = useMemo(() => latestFirst(threads), [threads]);
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
        {ordered.map((conversation) => (
          <li key={conversation.threadId}>
            <ThreadEntry
              conversation={conversation}
              isCurrent={conversation.threadId === choice.threadId}
              onChoose={() => {
                choice.choose(conversation.threadId);
                onChosen();
              }}
            />
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface ThreadEntryProps {
  readonly conversation: Conversation;
  readonly isCurrent: boolean;
  readonly onChoose: () => void;
}

function ThreadEntry({ conversation, isCurrent, onChoose }: ThreadEntryProps) {
  const { threadId, title, lastAt } = conversation;
  const { isConnected } = useConnection();
  const activity = threadActivity(useThread(threadId === NO_THREAD ? null : threadId), isConnected);
  const now = useNow(60_000);
  return (
    <button
      type="button"
      className="thread-entry"
      data-testid="thread-item"
      data-thread-id={threadId}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={onChoose}
    >
      <span className="thread-entry__title">{title ?? 'Conversation'}</span>
      {activity === 'working' ? (
        <span className="thread-entry__working">
          <Spinner size={13} />
          <span className="visually-hidden">working</span>
        </span>
      ) : (
        <span className="thread-entry__time">{activity === 'asking' ? 'waits for you' : formatAgo(lastAt, now)}</span>
      )}
    </button>
  );
}
