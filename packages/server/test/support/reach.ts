import { once } from 'node:events';
import { SUBPROTOCOL } from '@ws/types';
import { WebSocket } from 'ws';

/** Publishes a note over HTTP. */
export async function publish(base: string, key: string, userId: string, text: string): Promise<void> {
  const response = await fetch(`${base}/v1/users/${userId}/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events: [{ type: 'note', payload: { text } }] }),
  });
  if (!response.ok) throw new Error(`publishing was answered with ${response.status}: ${await response.text()}`);
}

/** The texts of the first notes of a user, read over a WebSocket from the beginning. Rejects with the status of a refused upgrade. */
export async function eventsOf(
  url: string,
  headers: Readonly<Record<string, string>>,
  count: number,
  path = '/ws',
): Promise<readonly string[]> {
  const socket = new WebSocket(url.replace(/^http/, 'ws') + path, SUBPROTOCOL, { headers });
  try {
    const texts: string[] = [];
    await once(socket, 'open');
    const all = new Promise<void>((resolve, reject) => {
      socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
      socket.on('message', (data: Buffer) => {
        const frame = JSON.parse(data.toString()) as { type: string; payload?: { text: string } };
        if (frame.type === 'note' && frame.payload !== undefined) texts.push(frame.payload.text);
        if (texts.length >= count) resolve();
      });
    });
    socket.send(JSON.stringify({ type: 'hello', from: 'earliest' }));
    await all;
    return texts;
  } finally {
    socket.on('error', () => undefined);
    socket.terminate();
  }
}
