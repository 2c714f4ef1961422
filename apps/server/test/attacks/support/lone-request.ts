import { request } from 'node:http';

export interface LoneAnswer {
  readonly status: number;
  readonly text: string;
  /** The body, where it is JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface LoneRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, as text. */
  readonly body?: string;
}

/** A request on a connection of its own, which is closed with the answer: sockets are counted here, and a pool would be among them. */
export async function loneRequest(
  url: string,
  { method = 'GET', headers = {}, body }: LoneRequest = {},
): Promise<LoneAnswer> {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const { status, text, isJson } = await new Promise<{ status: number; text: string; isJson: boolean }>(
    (resolve, reject) => {
      const sent = request(url, { method, headers: { ...type, ...headers }, agent: false }, (answer) => {
        let received = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
        answer.once('error', reject);
        answer.once('end', () => {
          const isJsonType = /^application\/(problem\+)?json/.test(answer.headers['content-type'] ?? '');
          resolve({ status: answer.statusCode ?? 0, text: received, isJson: isJsonType });
        });
      });
      sent.once('error', reject);
      sent.end(body);
    },
  );
  return { status, text, body: isJson ? (JSON.parse(text) as LoneAnswer['body']) : {} };
}
