import { useEffect, useState, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { Chat } from './chat.tsx';
import { SignIn } from './sign-in.tsx';

function App(): ReactNode {
  /** `undefined` until the server has said who is signed in. */
  const [userId, setUserId] = useState<string | null>();
  useEffect(() => void whoIsIt().then(setUserId), []);
  if (userId === undefined) return null;
  if (userId === null) return <SignIn onSignedIn={setUserId} />;
  return <Chat key={userId} userId={userId} onSignedOut={() => setUserId(null)} />;
}

async function whoIsIt(): Promise<string | null> {
  return ((await (await fetch('/me')).json()) as { userId: string | null }).userId;
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has an element with the id root');
createRoot(root).render(<App />);
