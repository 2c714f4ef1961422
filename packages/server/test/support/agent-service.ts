import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { onTestFinished } from 'vitest';

/** A call as an agent gets it. */
export interface WireCall {
  readonly call_id: string;
  readonly type: string;
  readonly user_id: string;
  readonly thread_id: string;
  readonly run_id: string;
  readonly attempt: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

interface Received {
  readonly call: WireCall;
  readonly id: string;
  readonly signatures: readonly string[];
}

/** What an agent answers a call with; `hang`: nothing. */
type Answer = number | 'hang' | { readonly status: number; readonly headers: Readonly<Record<string, string>> };

export interface AgentService {
  readonly url: string;
  readonly received: Received[];
  answer: (call: WireCall) => Answer;
  /** The secret that signatures are checked with. */
  secret: string;
}

/** An agent that is called over HTTP: it checks the signature as Standard Webhooks say, and answers 401 for a wrong one. */
export async function agentService(secret: string): Promise<AgentService> {
  const received: Received[] = [];
  const server = createHttpServer((request, response) => {
    void bodyOf(request).then((body) => {
      const headers = request.headers as Record<string, string>;
      const call = JSON.parse(body) as WireCall;
      received.push({
        call,
        id: String(headers['webhook-id']),
        signatures: String(headers['webhook-signature']).split(' '),
      });
      try {
        new Webhook(service.secret).verify(body, headers);
      } catch {
        response.writeHead(401).end();
        return;
      }
      const answer = service.answer(call);
      if (answer === 'hang') return;
      const { status, headers: more } = typeof answer === 'number' ? { status: answer, headers: {} } : answer;
      response.writeHead(status, more).end('thank you');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const service: AgentService = {
    url: `http://127.0.0.1:${port}/calls?key=in-the-address`,
    received,
    answer: () => 204,
    secret,
  };
  return service;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += String(chunk);
  return text;
}
