import { once } from 'node:events';
import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';

/** Asks a proxy whose certificate nobody has signed, and answers with what comes as it comes. */
export async function ask(
  url: string,
  { body, ...options }: RequestOptions & { readonly body?: string } = {},
): Promise<IncomingMessage> {
  const make = url.startsWith('https:') ? tlsRequest : plainRequest;
  const asking = make(url, { ...options, rejectUnauthorized: false } as RequestOptions);
  asking.end(body);
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  return response;
}

export async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return text;
}
