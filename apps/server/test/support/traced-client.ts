import { createClient } from '@ws/client';
import { tokenFor } from './http.ts';

export interface TracedClient extends AsyncDisposable {
  readonly traceparents: readonly (string | undefined)[];
  received(count: number): Promise<void>;
}

/** The client of the workspace, which notes the trace of each event. */
export async function traced(url: string, userId: string): Promise<TracedClient> {
  const client = createClient({ url: `${url}/ws`, token: await tokenFor(url, userId) });
  const traceparents: (string | undefined)[] = [];
  let wake = (): void => undefined;
  client.on('*', ({ traceparent }) => {
    traceparents.push(traceparent);
    wake();
  });
  const live = new Promise<void>((resolve) => {
    client.on('state', ({ status }) => status === 'live' && resolve());
  });
  client.connect();
  await live;
  return {
    traceparents,
    async received(count) {
      while (traceparents.length < count) await new Promise<void>((resolve) => (wake = resolve));
    },
    async [Symbol.asyncDispose]() {
      client.close();
    },
  };
}
