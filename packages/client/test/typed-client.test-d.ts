import { expectTypeOf, test } from 'vitest';
import { createClient, type Client, type ClientState } from '../src/index.ts';

// Nothing is declared in `@ws/types` for these: another program of this process has other events.
interface Events {
  readonly report_ready: { readonly pages: number };
}

const client = createClient<Events>({ url: 'ws://127.0.0.1:1' });

test('handlers get the events of the program, and those of the protocol', () => {
  client.on('report_ready', (event) => {
    expectTypeOf(event.payload.pages).toEqualTypeOf<number>();
    expectTypeOf(event.offset).toEqualTypeOf<number>();
  });
  client.on('agent_thinking', (event, { replay }) => {
    expectTypeOf(event.payload.delta).toEqualTypeOf<string>();
    expectTypeOf(replay).toEqualTypeOf<boolean>();
  });
  client.on('*', (event) => {
    if (event.type === 'report_ready') expectTypeOf(event.payload.pages).toEqualTypeOf<number>();
    if (event.type === 'agent_started') expectTypeOf(event.payload.agent_name).toEqualTypeOf<string>();
  });
  client.on('state', (state) => expectTypeOf(state).toEqualTypeOf<ClientState>());
  // @ts-expect-error no such event
  client.on('report_redy', () => undefined);
});

test('so does a reader', async () => {
  for await (const item of client.stream()) {
    if (item.kind === 'event' && item.event.type === 'report_ready') {
      expectTypeOf(item.event.payload.pages).toEqualTypeOf<number>();
      expectTypeOf(item.replay).toEqualTypeOf<boolean>();
    }
    if (item.kind === 'reset') expectTypeOf(item.ready.epoch).toEqualTypeOf<string>();
  }
});

test('it is a client', () => {
  expectTypeOf(client).toExtend<Client>();
  expectTypeOf(createClient({ url: 'ws://127.0.0.1:1' })).toEqualTypeOf<Client>();
});
