import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a request to the endpoint held. */
interface Received {
  readonly path: string;
  readonly authorization: string;
  readonly body: {
    readonly model: string;
    readonly stream: boolean;
    readonly tool_choice: string;
    readonly messages: readonly { role: string; content: string | null; tool_call_id?: string; tool_calls?: unknown }[];
    readonly tools: readonly { function: { name: string; parameters: object } }[];
  };
}

export interface Reply {
  /** An error instead of a stream. */
  readonly status?: number;
  readonly error?: string;
  /** Deltas of the message, each sent in a chunk of its own. */
  readonly deltas?: readonly object[];
  readonly finish?: string;
  readonly usage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
  /** Neither goes on nor ends after the deltas. */
  readonly hang?: boolean;
  /** Breaks the connection after the deltas. */
  readonly break?: boolean;
}

export interface FakeEndpoint {
  readonly baseUrl: string;
  readonly received: readonly Received[];
  /** How many connections the other side has ended before the reply was complete. */
  readonly dropped: () => number;
}

/** An OpenAI-compatible endpoint that gives these replies, one after the other, over real HTTP. */
export async function startEndpoint(replies: readonly Reply[]): Promise<FakeEndpoint> {
  const received: Received[] = [];
  let dropped = 0;
  const server = createServer((request, response) => {
    response.on('close', () => {
      if (!response.writableEnded) dropped += 1;
    });
    void readBody(request).then((body) => {
      const reply = replies[received.length] ?? { status: 500, error: 'no further reply' };
      received.push({
        path: request.url ?? '',
        authorization: request.headers.authorization ?? '',
        body: JSON.parse(body) as Received['body'],
      });
      send(response, reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, received, dropped: () => dropped };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.status !== undefined) {
    // The SDK would try again otherwise, which is not what is tested.
    response.writeHead(reply.status, { 'content-type': 'application/json', 'x-should-retry': 'false' });
    response.end(JSON.stringify({ error: { message: reply.error ?? '', type: 'error' } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (fields: object) =>
    response.write(
      `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', ...fields })}\n\n`,
    );
  for (const delta of reply.deltas ?? []) chunk({ choices: [{ index: 0, delta, finish_reason: null }] });
  if (reply.hang === true) return;
  if (reply.break === true) {
    // Later, so that what was written is on its way.
    setTimeout(() => response.destroy(), 30);
    return;
  }
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: reply.finish ?? 'stop' }] });
  if (reply.usage !== undefined) chunk({ choices: [], usage: reply.usage });
  response.end('data: [DONE]\n\n');
}

/** The deltas of one tool call, its arguments in pieces. */
export function toolCall(name: string, args: string, id = 'call_a', index = 0): object[] {
  const half = Math.ceil(args.length / 2);
  return [
    { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] },
    { tool_calls: [{ index, function: { arguments: args.slice(0, half) } }] },
    { tool_calls: [{ index, function: { arguments: args.slice(half) } }] },
  ];
}
