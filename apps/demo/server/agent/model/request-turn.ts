import { OpenAIError } from 'openai';
import type OpenAI from 'openai';
import type { AgentRun } from '../run-port.ts';
import type { Message } from './conversation.ts';
import { ModelError } from './model-error.ts';
import { TOOL_DESCRIPTIONS } from './model-tools.ts';
import { readTurn, type Turn } from './read-turn.ts';
import { Silence } from './silence.ts';

/** Nobody should wonder for longer than this whether the agent still works. */
const STRETCH_MS = 4_000;

export interface TurnRequest {
  readonly client: OpenAI;
  readonly run: AgentRun;
  readonly model: string;
  readonly messages: Message[];
  /** Whether the model may call tools; otherwise it has to answer. */
  readonly mayCall: boolean;
  readonly idleTimeoutMs: number;
  readonly onContent: (delta: string) => Promise<unknown>;
}

/** Asks the model for its next message and passes it on as it is written. */
export async function requestTurn(request: TurnRequest): Promise<Turn> {
  const { run, idleTimeoutMs } = request;
  let announced: Promise<unknown> = Promise.resolve();
  const silence = new Silence(Math.min(STRETCH_MS, idleTimeoutMs), idleTimeoutMs, () => {
    announced = announced.then(() => run.think('Waiting for the model …\n'));
    // It is awaited with the turn; until then a failure must not count as unhandled.
    announced.catch(() => undefined);
  });
  const signal = AbortSignal.any([run.signal, silence.signal]);
  try {
    const turn = await readTurn(unbroken(await unlessAborted(openStream(request, signal), signal)), {
      heard: () => silence.broken(),
      reasoning: (delta) => run.think(delta),
      content: request.onContent,
    });
    // A stream that was aborted ends as if it were complete.
    signal.throwIfAborted();
    await announced;
    return turn;
  } catch (error) {
    run.signal.throwIfAborted();
    throw silence.signal.aborted ? new ModelError('The model endpoint fell silent.', { cause: error }) : error;
  } finally {
    silence.stop();
  }
}

function openStream({ client, model, messages, mayCall }: TurnRequest, signal: AbortSignal) {
  return client.chat.completions.create(
    {
      model,
      messages,
      tools: TOOL_DESCRIPTIONS,
      tool_choice: mayCall ? 'auto' : 'none',
      stream: true,
      stream_options: { include_usage: true },
    },
    { signal },
  );
}

/** Says of a connection that breaks off that it did; the SDK passes on what the network layer says. */
async function* unbroken<Chunk>(chunks: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
  try {
    yield* chunks;
  } catch (error) {
    throw error instanceof OpenAIError
      ? error
      : new ModelError('The connection to the model endpoint broke.', { cause: error });
  }
}

/** The SDK does not look at the signal while it waits before a further attempt. */
async function unlessAborted<Value>(work: PromiseLike<Value>, signal: AbortSignal): Promise<Value> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new Error('aborted'));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
