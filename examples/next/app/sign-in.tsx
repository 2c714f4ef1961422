'use client';

import { useState, type ReactNode } from 'react';

export function SignIn({ onSignedIn }: { readonly onSignedIn: (userId: string) => void }): ReactNode {
  const [name, setName] = useState('');
  const signIn = async (): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch('/sign-in', { method: 'POST', headers, body: JSON.stringify({ name }) });
    if (answer.ok) onSignedIn(((await answer.json()) as { userId: string }).userId);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void signIn();
      }}
    >
      <input
        data-testid="name"
        aria-label="Name"
        placeholder="Your name"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <button data-testid="sign-in">Sign in</button>
    </form>
  );
}
