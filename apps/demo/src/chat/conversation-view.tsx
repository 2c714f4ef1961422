import { useLayoutEffect, useMemo } from 'react';
import { useThread, type ThreadEntry } from '@ws/react';
import { Icon } from '@ws/ui';
import { usePage } from '../app/session-context.ts';
import { InterruptionNotice } from '../connection/interruption-notice.tsx';
import { RunCard } from '../run/run-card.tsx';
import type { AgentInfo } from '../session/agent-info.ts';
import { entryKey, NO_THREAD, type Conversations } from '../state/conversations.ts';
import type { Interruption } from '../state/interruptions.ts';
import { isOutgoing, MessageBubble } from './message-bubble.tsx';
import { useStickToBottom } from './use-stick-to-bottom.ts';
import './conversation-view.css';

export interface ConversationViewProps {
  readonly threadId: string;
  readonly agent: AgentInfo;
  readonly onAsk: (text: string) => void;
}

export function ConversationView({ threadId, agent, onAsk }: ConversationViewProps) {
  const { entries } = useThread(threadId === NO_THREAD ? null : threadId);
  const starts = usePage((state) => state.conversations.starts);
  const interruptions = usePage((state) => state.interruptions);
  const lines = useMemo(() => conversationLines(entries, starts, interruptions), [entries, starts, interruptions]);
  const { scroller, content, isAtBottom, toBottom } = useStickToBottom(threadId);
  const lastSent = lines.findLast((line) => line.kind === 'entry' && isOutgoing(line.entry))?.key;
  // Who asks wants to see the answer, wherever they had scrolled to.
  useLayoutEffect(() => {
    if (lastSent !== undefined) toBottom();
  }, [lastSent, toBottom]);
  return (
    <div className="conversation">
      <div className="conversation__scroll" ref={scroller} tabIndex={0} role="region" aria-label="Conversation">
        <div className="conversation__lines" ref={content}>
          {entries.length === 0 && <EmptyConversation agent={agent} onAsk={onAsk} />}
          {lines.map((line) => (
            <Line key={line.key} line={line} threadId={threadId} />
          ))}
        </div>
      </div>
      {!isAtBottom && (
        <button type="button" className="conversation__latest" onClick={toBottom}>
          <Icon name="down" size={15} />
          Latest
        </button>
      )}
    </div>
  );
}

function Line({ line, threadId }: { readonly line: ConversationLine; readonly threadId: string }) {
  if (line.kind === 'interruption') return <InterruptionNotice interruption={line.interruption} />;
  const { entry, live } = line;
  if (entry.kind === 'run') return <RunCard runId={entry.runId} live={live} />;
  return <MessageBubble message={entry} threadId={threadId} live={live} />;
}

/** One line of a conversation as it is shown. */
type ConversationLine =
  /** `live`: it arrived while the page watched. */
  | { readonly kind: 'entry'; readonly key: string; readonly entry: ThreadEntry; readonly live: boolean }
  | { readonly kind: 'interruption'; readonly key: string; readonly interruption: Interruption };

/** What a conversation shows, in order: its entries and the breaks between them. What is on its way is last. */
export function conversationLines(
  entries: readonly ThreadEntry[],
  starts: Conversations['starts'],
  interruptions: readonly Interruption[],
): readonly ConversationLine[] {
  const keyed = entries.map((entry) => ({
    entry,
    key: entry.kind === 'message' ? entryKey('message', entry.messageId) : entryKey('run', entry.runId),
  }));
  const first = starts.get(keyed[0]?.key ?? '')?.offset ?? 0;
  // A break before the conversation began is none of its business, but for one that made its history incomplete.
  const breaks = interruptions.filter(({ shownAfter, recovery }) => recovery === 'reset' || shownAfter >= first);
  const lines: ConversationLine[] = [];
  let shown = 0;
  const showBreaks = (before: number): void => {
    for (const interruption of breaks.slice(shown)) {
      if (interruption.shownAfter >= before) break;
      lines.push({ kind: 'interruption', key: `interruption-${interruption.id}`, interruption });
      shown += 1;
    }
  };
  for (const { entry, key } of keyed) {
    const start = starts.get(key);
    showBreaks(start?.offset ?? Infinity);
    lines.push({ kind: 'entry', key, entry, live: start?.live ?? isOutgoing(entry) });
  }
  showBreaks(Infinity);
  return lines;
}

/** Where a conversation begins: what one can ask. */
function EmptyConversation({ agent, onAsk }: Pick<ConversationViewProps, 'agent' | 'onAsk'>) {
  return (
    <section className="empty-conversation" aria-label="Start a conversation">
      <h2>What would you like to know?</h2>
      <p>
        {agent.workspace === null ? (
          'The agent answers'
        ) : (
          <>
            The agent reads the files of <strong>{agent.workspace}</strong> and answers
          </>
        )}{' '}
        while you watch each step. Cut the connection at any moment: nothing gets lost.
      </p>
      <ul className="empty-conversation__examples" aria-label="Examples">
        {agent.examples.map((example) => (
          <li key={example}>
            <button type="button" data-testid="example" onClick={() => onAsk(example)}>
              {example}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
