import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { traceDeliveries } from '@ws/server/src/observe/delivery-spans.ts';
import type { Service } from '../../src/service.ts';
import { note, started } from '../support/events.ts';
import { eventsAddress, post, tokenFor, withKey } from '../support/http.ts';
import { Peer } from '../support/peer.ts';
import { freshUser, openService } from '../support/service.ts';
import { traced } from '../support/traced-client.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PUBLISHER = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE}-${PUBLISHER}-01`;
const UNSAMPLED = `00-${TRACE}-${PUBLISHER}-00`;

const exporter = new InMemorySpanExporter();

/** As `--import` does it: the SDK is there before the service. */
function loadSdk(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
}

const spansNamed = (name: string): readonly ReadableSpan[] =>
  exporter.getFinishedSpans().filter((span) => span.name === name);

const parentOf = (span: ReadableSpan | undefined): string | undefined => span?.parentSpanContext?.spanId;

describe('traces', () => {
  let service: Service;
  let stop: () => void;
  beforeAll(async () => {
    loadSdk();
    stop = traceDeliveries();
    service = await openService({}, async ({ runId, threadId, manager }) => {
      await using run = await manager.startRun({ agentName: 'traced', runId, threadId });
      await run.complete();
    });
  });
  afterEach(() => exporter.reset());
  afterAll(async () => {
    await service.close(0);
    stop();
    trace.disable();
    context.disable();
  });

  const publish = async (user: string, events: readonly unknown[], headers: Record<string, string> = {}) =>
    post(eventsAddress(service.url, user), { events }, { ...withKey, ...headers });

  it('go from the publisher through the event to the client', async () => {
    const user = freshUser();
    await using client = await traced(service.url, user);
    await publish(user, [started('r1'), note(1)], { traceparent: TRACEPARENT });
    await client.received(2);

    const [publishing] = spansNamed('publish');
    expect(publishing?.spanContext().traceId).toBe(TRACE);
    expect(parentOf(publishing)).toBe(PUBLISHER);
    expect(publishing?.attributes).toMatchObject({ 'messaging.batch.message_count': 2 });

    // The client can go on where the server was: `propagation.extract(context.active(), event)`.
    const expected = `00-${TRACE}-${publishing?.spanContext().spanId}-01`;
    expect(client.traceparents).toEqual([expected, expected]);

    const deliveries = spansNamed('deliver');
    expect(deliveries.map(({ attributes }) => attributes['agent_events.type'])).toEqual(['agent_started', 'app.note']);
    for (const delivery of deliveries) {
      expect(delivery.spanContext().traceId).toBe(TRACE);
      expect(parentOf(delivery)).toBe(publishing?.spanContext().spanId);
      expect(delivery.attributes).toMatchObject({ 'agent_events.connections': 1 });
    }
  });

  it('an event that brings a trace keeps it', async () => {
    const user = freshUser();
    await using client = await traced(service.url, user);
    await publish(user, [{ ...note(1), traceparent: TRACEPARENT }]);
    await client.received(1);
    expect(client.traceparents).toEqual([TRACEPARENT]);
    expect(parentOf(spansNamed('deliver')[0])).toBe(PUBLISHER);
  });

  it('what is not sampled makes no span, and is carried on as that', async () => {
    const user = freshUser();
    await using client = await traced(service.url, user);
    await publish(user, [note(1)], { traceparent: UNSAMPLED });
    await client.received(1);
    expect(spansNamed('publish')).toEqual([]);
    expect(spansNamed('deliver')).toEqual([]);
    expect(client.traceparents[0]).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  });

  it.each(['nonsense', '', `${TRACEPARENT}"}`, `00-${'0'.repeat(32)}-${PUBLISHER}-01`])(
    'a header that is no trace context (%j) begins a new trace',
    async (traceparent) => {
      const answer = await publish(freshUser(), [note(1)], { traceparent });
      expect(answer.status).toBe(200);
      const [publishing] = spansNamed('publish');
      expect(parentOf(publishing)).toBeUndefined();
      expect(publishing?.spanContext().traceId).not.toBe(TRACE);
    },
  );

  it('a refused publish is noted by its code, without a word of the event', async () => {
    await publish(freshUser(), [{ type: 'agent_stared', run_id: 'r1', payload: { secret: 'hush' } }]);
    const [publishing] = spansNamed('publish');
    expect(publishing?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'UNKNOWN_EVENT_TYPE' });
    expect(JSON.stringify([publishing?.attributes, publishing?.events])).not.toContain('hush');
  });

  it('the run that answers a message is one trace, from the handler to the screen', async () => {
    const user = freshUser();
    const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, user) });
    peer.say({ type: 'user_message', message_id: 'm1', payload: { text: 'Hello' } });
    await peer.frame('agent_completed');
    const [answering] = spansNamed('answer user message');
    const seen = peer.events.filter(({ type }) => type !== 'user_message').map((event) => event['traceparent']);
    const expected = `00-${answering?.spanContext().traceId}-${answering?.spanContext().spanId}-01`;
    expect(seen).toEqual([expected, expected]);
    await peer.close();
  });
});
