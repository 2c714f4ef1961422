import { WebSocketProvider } from '@ws/react';
import type { ReactNode } from 'react';
import { Composer } from './composer.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { Conversation } from './conversation.tsx';
import { fetchDevToken } from './dev-token.ts';

/** Who looks, and at which thread: `?user=alice&thread=t1`. */
export function App(): ReactNode {
  const query = new URLSearchParams(location.search);
  const userId = query.get('user') ?? 'demo';
  const threadId = query.get('thread') ?? 'react';
  return (
    <WebSocketProvider
      key={userId}
      options={{ url: '/ws', token: () => fetchDevToken(userId), from: 'earliest' }}
      onError={(error) => console.warn(error.code, error.message)}
    >
      <header>
        <h1>Ask the agent</h1>
        <ConnectionBanner />
      </header>
      <Conversation threadId={threadId} />
      <Composer threadId={threadId} />
    </WebSocketProvider>
  );
}
