import type { IncomingMessage } from 'node:http';
import type { Finding } from '@ws/service';
import { SUBPROTOCOL } from '@ws/types';
import { WebSocket } from 'ws';
import { reasonOf, refusalIn } from '../api/call.ts';

const PATIENCE_MS = 5_000;

type Outcome =
  | { readonly kind: 'open' }
  | { readonly kind: 'refused'; readonly status: number; readonly body: string }
  | { readonly kind: 'failed'; readonly why: string };

/** Whether a WebSocket comes through: asked without a credential, which is checked after the upgrade. */
export async function inspectUpgrade(url: string): Promise<Finding> {
  const outcome = await upgrade(`${url.replace(/^http/, 'ws')}/ws`);
  switch (outcome.kind) {
    case 'open':
      return { verdict: 'good', what: 'a WebSocket comes through' };
    case 'failed':
      return { verdict: 'fault', what: `a WebSocket does not come through: ${outcome.why}` };
    case 'refused':
      return refused(outcome);
  }
}

function refused({ status, body }: Extract<Outcome, { kind: 'refused' }>): Finding {
  const what = `the WebSocket upgrade was answered with ${status}: ${refusalIn(body) ?? 'no answer of the service'}`;
  if (status === 401) return { verdict: 'good', what: 'a WebSocket comes through, and needs a credential' };
  if (/takes WebSocket upgrades only/.test(body)) {
    const advice =
      'A proxy on the way drops the header Upgrade. For nginx: proxy_http_version 1.1, and proxy_set_header Upgrade and Connection, ' +
      'as in docs/deploy/nginx.conf. Clients fall back to event streams meanwhile.';
    return { verdict: 'fault', what, advice };
  }
  if (status === 429 || status === 503)
    return { verdict: 'doubt', what, advice: 'It is too busy, or goes away: try again.' };
  return { verdict: 'fault', what, advice: 'Is --url the address of the service, and does its proxy pass /ws on?' };
}

async function upgrade(address: string): Promise<Outcome> {
  const socket = new WebSocket(address, [SUBPROTOCOL], { handshakeTimeout: PATIENCE_MS });
  try {
    return await new Promise<Outcome>((resolve) => {
      socket.once('open', () => resolve({ kind: 'open' }));
      socket.once('unexpected-response', (_request, response: IncomingMessage) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.once('end', () => resolve({ kind: 'refused', status: response.statusCode ?? 0, body }));
      });
      socket.on('error', (error) => resolve({ kind: 'failed', why: reasonOf(error) }));
    });
  } finally {
    socket.terminate();
  }
}
