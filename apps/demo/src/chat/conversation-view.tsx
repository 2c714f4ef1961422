import { useLayoutEffect, useMemo } from 'react';
import { Icon } from '@ws/ui';
import { usePage } from '../app/session-context.ts';
import { InterruptionNotice } from '../connection/interruption-notice.tsx';
import { RunCard } from '../run/run-card.tsx';
import type { AgentInfo } from '../session/agent-info.ts';
import { conversationLines, type ConversationLine } from './conversation-lines.ts';
import { EmptyConversation } from './empty-conversation.tsx';
import { MessageBubble, OutgoingBubble } from './message-bubble.tsx';
import { useStickToBottom } from './use-stick-to-bottom.ts';
import './conversation-view.css';

export interface ConversationViewProps {
  readonly threadId: string;
  readonly agent: AgentInfo;
  readonly onAsk: (text: string) => void;
}

export function ConversationView({ threadId, agent, onAsk }: ConversationViewProps) {
  const thread = usePage((state) => state.conversation.threads.get(threadId));
  const outbox = usePage((state) => state.outbox);
  const interruptions = usePage((state) => state.interruptions);
  const lines = useMemo(
    () =>
      conversationLines(
        thread,
        outbox.filter((message) => message.threadId === threadId),
        interruptions,
      ),
    [thread, outbox, interruptions, threadId],
  );
  const { scroller, content, isAtBottom, toBottom } = useStickToBottom(threadId);
  const lastSent = outbox.findLast((message) => message.threadId === threadId)?.messageId;
  // Who asks wants to see the answer, wherever they had scrolled to.
  useLayoutEffect(() => {
    if (lastSent !== undefined) toBottom();
  }, [lastSent, toBottom]);
  const isEmpty = lines.every(({ kind }) => kind === 'interruption');
  return (
    <div className="conversation">
      <div className="conversation__scroll" ref={scroller} tabIndex={0} role="region" aria-label="Conversation">
        <div className="conversation__lines" ref={content}>
          {isEmpty && <EmptyConversation agent={agent} onAsk={onAsk} />}
          {lines.map((line) => (
            <Line key={line.key} line={line} />
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

function Line({ line }: { readonly line: ConversationLine }) {
  switch (line.kind) {
    case 'message':
      return <MessageBubble text={line.text} at={line.at} live={line.live} />;
    case 'run':
      return <RunCard runId={line.key} live={line.live} />;
    case 'interruption':
      return <InterruptionNotice interruption={line.interruption} />;
    case 'outgoing':
      return <OutgoingBubble message={line.message} />;
  }
}
