import { createClient } from '@ws/client';
import type { StreamEvent } from '@ws/types';

/** Asks a question as a user and returns the types of the events of the run that answered it. */
export async function ask(url: string, user: string, text: string): Promise<readonly string[]> {
  const client = createClient({ url: `${url}?user=${user}`, autoConnect: true });
  const events: StreamEvent[] = [];
  const ended = new Promise<void>((resolve) => {
    client.on('*', (event) => events.push(event));
    client.on('agent_completed', ({ payload }) => {
      if (payload.final_response !== `You said: ${text}`) throw new Error('another answer');
      resolve();
    });
  });
  await client.sendMessage({ text, threadId: 't1' });
  await ended;
  client.close();
  return events.map(({ type }) => type);
}
