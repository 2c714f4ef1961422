import { useCallback, useRef, useState } from 'react';
import { useMediaQuery } from '@ws/ui';
import { Composer } from '../chat/composer.tsx';
import { ConversationView } from '../chat/conversation-view.tsx';
import { ConnectionPanel } from '../connection/connection-panel.tsx';
import { ModeBanner } from '../connection/mode-banner.tsx';
import { AppHeader } from '../header/app-header.tsx';
import { EventLogDrawer } from '../log/event-log-drawer.tsx';
import type { AgentInfo } from '../session/agent-info.ts';
import type { PagePlace } from '../session/page-address.ts';
import { ThreadList } from '../threads/thread-list.tsx';
import { workingRuns } from '../threads/thread-order.ts';
import { usePage, useSession } from './session-context.ts';
import { SidePanel } from './side-panel.tsx';
import { useConversation } from './use-conversation.ts';
import { useShortcuts } from './use-shortcuts.ts';
import './workspace.css';

export interface WorkspaceProps {
  readonly place: PagePlace;
  readonly go: (place: PagePlace) => void;
  readonly agent: AgentInfo;
}

/** The page of one user: conversations on the left, the one that is open, the connection on the right. */
export function Workspace({ place, go, agent }: WorkspaceProps) {
  const session = useSession();
  const choice = useConversation(place, go);
  const { threadId } = choice;
  const fitsThreads = useMediaQuery('(min-width: 860px)');
  const fitsPanel = useMediaQuery('(min-width: 1120px)');
  const [drawer, setDrawer] = useState<'threads' | 'panel' | null>(null);
  const [isLogOpen, setLogOpen] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const closeDrawer = useCallback(() => setDrawer(null), []);

  const working = usePage(({ conversation }) =>
    workingRuns(conversation.threads.get(threadId), conversation.runs).at(-1),
  );
  const focusComposer = useCallback(() => input.current?.focus(), []);
  const stopRun = useCallback(() => {
    if (working === undefined) return false;
    void session.cancel(working);
    return true;
  }, [session, working]);
  useShortcuts({ focusComposer, stopRun });

  const send = (text: string): void => {
    session.send(threadId, text);
    // The address names the conversation from now on: another tab opens the same.
    if (place.thread !== threadId) choice.choose(threadId);
    focusComposer();
  };

  return (
    <div className="workspace">
      <AppHeader
        agent={agent}
        userId={place.user}
        onUser={(user) => go({ user, thread: null })}
        onOpenThreads={fitsThreads ? null : () => setDrawer('threads')}
        onOpenPanel={fitsPanel ? null : () => setDrawer('panel')}
        isLogOpen={isLogOpen}
        onToggleLog={() => setLogOpen(!isLogOpen)}
      />
      <SidePanel
        side="left"
        label="Conversations"
        fits={fitsThreads}
        isOpen={drawer === 'threads'}
        onClose={closeDrawer}
      >
        <ThreadList choice={choice} onChosen={closeDrawer} />
      </SidePanel>
      <main className="workspace__main">
        <ModeBanner />
        <ConversationView threadId={threadId} agent={agent} onAsk={send} />
        <Composer input={input} agentName={agent.name} isWorking={working !== undefined} onSend={send} />
      </main>
      <SidePanel side="right" label="Connection" fits={fitsPanel} isOpen={drawer === 'panel'} onClose={closeDrawer}>
        <ConnectionPanel place={{ user: place.user, thread: threadId }} />
      </SidePanel>
      {isLogOpen && <EventLogDrawer onClose={() => setLogOpen(false)} />}
    </div>
  );
}
