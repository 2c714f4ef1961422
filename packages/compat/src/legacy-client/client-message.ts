import { isUserMessageType } from '../legacy-emit/message-type-aliases.ts';

type Message = Readonly<Record<string, unknown>>;

/**
 * What a client of the first system said, as a frame of the protocol: a message of its user under any of its names, whose text
 * was `content` or `text`, and its heartbeats. Everything else stays as it is, for the session to take or refuse.
 *
 * @returns `undefined` for an answer to a ping, which needs no frame
 */
export function toProtocolFrame(text: string): string | undefined {
  const message = parsed(text);
  if (message === undefined || typeof message['type'] !== 'string') return text;
  const { type } = message;
  if (type === 'pong') return undefined;
  if (type === 'heartbeat') return JSON.stringify({ type: 'ping' });
  return isUserMessageType(type) ? JSON.stringify(userMessage(message)) : text;
}

function userMessage(message: Message): object {
  const inner = [message['payload'], message['data'], message].filter(isMessage);
  const said = (names: readonly string[]): string | undefined => {
    for (const fields of inner) {
      for (const name of names) {
        const value = fields[name];
        if (typeof value === 'string' && value !== '') return value;
      }
    }
    return undefined;
  };
  const threadId = said(['thread_id', 'threadId']);
  return {
    type: 'user_message',
    message_id: said(['message_id', 'messageId', 'id']) ?? globalThis.crypto.randomUUID(),
    ...(threadId === undefined ? {} : { thread_id: threadId }),
    payload: { text: said(['text', 'content', 'message']) ?? '' },
  };
}

function parsed(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMessage(value) ? value : undefined;
  } catch {
    // The session says what is wrong with it.
    return undefined;
  }
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
