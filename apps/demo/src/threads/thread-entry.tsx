import { formatAgo, Spinner, useNow } from '@ws/ui';
import { usePage } from '../app/session-context.ts';
import type { Thread } from '../state/threads.ts';
import { threadActivity } from './thread-order.ts';

export interface ThreadEntryProps {
  readonly thread: Thread;
  readonly isCurrent: boolean;
  readonly onChoose: () => void;
}

export function ThreadEntry({ thread, isCurrent, onChoose }: ThreadEntryProps) {
  const working = usePage(({ conversation, connection }) =>
    threadActivity(thread, conversation.runs, connection.client),
  );
  const now = useNow(60_000);
  return (
    <button
      type="button"
      className="thread-entry"
      data-testid="thread-item"
      data-thread-id={thread.id}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={onChoose}
    >
      <span className="thread-entry__title">{thread.title ?? 'Conversation'}</span>
      {working === 'working' ? (
        <span className="thread-entry__working">
          <Spinner size={13} />
          <span className="visually-hidden">working</span>
        </span>
      ) : (
        <span className="thread-entry__time">
          {working === 'asking' ? 'waits for you' : formatAgo(thread.lastAt, now)}
        </span>
      )}
    </button>
  );
}
