'use client';

import { useCallback, useState, type ReactNode } from 'react';
import { Chat } from './chat.tsx';
import { SignIn } from './sign-in.tsx';

/** @param signedIn - who the server found to be signed in */
export function App({ signedIn }: { readonly signedIn: string | null }): ReactNode {
  const [userId, setUserId] = useState(signedIn);
  const signOut = useCallback(() => setUserId(null), []);
  if (userId === null) return <SignIn onSignedIn={setUserId} />;
  return <Chat key={userId} userId={userId} onSignedOut={signOut} />;
}
