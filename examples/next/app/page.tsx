import { cookies } from 'next/headers';
import { agents } from '../lib/agents.ts';
import { App } from './app.tsx';

export default async function Page() {
  // First, so that `next build`, which has no agents, does not make the page beforehand.
  const jar = await cookies();
  const session = agents().sessions.find(jar.get('session')?.value);
  return <App signedIn={session?.userId ?? null} />;
}
