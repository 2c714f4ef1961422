import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { useCancel, useSendMessage, useThread } from '@ws/react';
import { Drawer, type DrawerProps, Icon, IconButton, useMediaQuery } from '@ws/ui';
import { Composer } from '../chat/composer.tsx';
import { ConversationView } from '../chat/conversation-view.tsx';
import { ConnectionPanel } from '../connection/connection-panel.tsx';
import { ModeBanner } from '../connection/mode-banner.tsx';
import { AppHeader } from '../header/app-header.tsx';
import { EventLogDrawer } from '../log/event-log-drawer.tsx';
import type { AgentInfo } from '../session/agent-info.ts';
import { NO_THREAD } from '../state/conversations.ts';
import { ThreadList } from '../threads/thread-list.tsx';
import { newThreadId, useConversation, type PagePlace } from './place.ts';
import './workspace.css';

export interface WorkspaceProps {
  readonly place: PagePlace;
  readonly go: (place: PagePlace) => void;
  readonly agent: AgentInfo;
}

/** The page of one user: conversations on the left, the one that is open, the connection on the right. */
export function Workspace({ place, go, agent }: WorkspaceProps) {
  const choice = useConversation(place, go);
  const { threadId } = choice;
  const fitsThreads = useMediaQuery('(min-width: 860px)');
  const fitsPanel = useMediaQuery('(min-width: 1120px)');
  const [drawer, setDrawer] = useState<'threads' | 'panel' | null>(null);
  const [isLogOpen, setLogOpen] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const closeDrawer = useCallback(() => setDrawer(null), []);

  const working = useThread(threadId === NO_THREAD ? null : threadId).openRunIds.at(-1);
  const { cancel } = useCancel(working);
  const focusComposer = useCallback(() => input.current?.focus(), []);
  const stopRun = useCallback(() => {
    if (working === undefined) return false;
    void cancel();
    return true;
  }, [cancel, working]);
  useShortcuts({ focusComposer, stopRun });

  const { sendMessage } = useSendMessage();
  const send = (text: string): void => {
    // Runs that belong to no thread are no conversation to go on with: a message opens a new one.
    const asked = threadId === NO_THREAD ? newThreadId() : threadId;
    void sendMessage({ text, threadId: asked });
    // The address names the conversation from now on: another tab opens the same.
    if (place.thread !== asked) choice.choose(asked);
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

interface SidePanelProps extends Pick<DrawerProps, 'side' | 'label' | 'onClose'> {
  /** There is room for it beside the conversation. */
  readonly fits: boolean;
  /** Where there is none: whether it is shown over it. */
  readonly isOpen: boolean;
  readonly children: ReactNode;
}

/** Beside the conversation where it fits, else a drawer. */
function SidePanel({ side, label, fits, isOpen, onClose, children }: SidePanelProps) {
  if (fits) {
    return (
      <div className="side-panel" data-side={side}>
        {children}
      </div>
    );
  }
  if (!isOpen) return null;
  return (
    <Drawer side={side} label={label} onClose={onClose}>
      <div className="side-panel__bar">
        <h2>{label}</h2>
        <IconButton label="Close" onClick={onClose}>
          <Icon name="close" />
        </IconButton>
      </div>
      {children}
    </Drawer>
  );
}

interface Shortcuts {
  readonly focusComposer: () => void;
  /** Stops the run that is working; `false` if none is. */
  readonly stopRun: () => boolean;
}

/** Keys that work everywhere on the page: `/` to write, Escape to stop the run. */
function useShortcuts({ focusComposer, stopRun }: Shortcuts): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      // Escape first closes what is open over the page.
      if (document.querySelector('dialog[open], :popover-open') !== null) return;
      if (event.key === '/' && !isTyping(event.target)) {
        event.preventDefault();
        focusComposer();
      }
      if (event.key === 'Escape' && stopRun()) event.preventDefault();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [focusComposer, stopRun]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
