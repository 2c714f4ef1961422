import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createWorkspaceAgent, type ConversationHistory, type ModelSettings } from '../../server/agent/index.ts';
import { Silence } from '../../server/agent/model/silence.ts';
import { WORKSPACE_TOOLS } from '../../server/agent/tools/index.ts';
import { startEndpoint, toolCall, type FakeEndpoint, type Reply } from './support/fake-endpoint.ts';
import { linesOf, makeFolder } from './support/folder.ts';
import { RecordingRun, type Recorded } from './support/recording-run.ts';

const KEY = 'a-very-secret-key-1234567890';

async function answer(
  replies: readonly Reply[],
  options: {
    readonly settings?: Partial<ModelSettings>;
    readonly history?: ConversationHistory;
    readonly onEvent?: (event: Recorded, run: RecordingRun) => void;
    readonly files?: Record<string, string>;
    readonly whenAsked?: (run: RecordingRun, endpoint: FakeEndpoint) => void;
  } = {},
) {
  const endpoint = await startEndpoint(replies);
  const run = new RecordingRun(options.onEvent);
  const model = { model: 'test-model', apiKey: KEY, baseUrl: endpoint.baseUrl, ...options.settings };
  const agent = createWorkspaceAgent({ root: makeFolder(options.files ?? { 'a.ts': linesOf(3) }), model });
  expect(agent.kind).toBe('model');
  const answering = agent.answer('How many lines?', run, options.history);
  options.whenAsked?.(run, endpoint);
  await answering;
  return { run, endpoint, requests: endpoint.received };
}

describe('a model', () => {
  it('calls tools, gets their results, and answers', async () => {
    const { run, requests } = await answer([
      {
        deltas: [
          { role: 'assistant', content: null, reasoning_content: 'I have ' },
          { reasoning_content: 'to count.' },
          ...toolCall('count_lines', '{"glob":"*.ts"}'),
        ],
        finish: 'tool_calls',
        usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
      },
      {
        deltas: [{ content: 'There are ' }, { content: '3 lines.' }],
        usage: { prompt_tokens: 150, completion_tokens: 5, total_tokens: 155 },
      },
    ]);
    expect(run.events).toMatchObject([
      { type: 'agent_started' },
      { type: 'agent_thinking', delta: 'The model test-model answers, with the tools of this folder.\n' },
      { type: 'agent_thinking', delta: 'I have ' },
      { type: 'agent_thinking', delta: 'to count.' },
      { type: 'tool_executing', id: 'call_a', name: 'count_lines', args: { glob: '*.ts' } },
      { type: 'tool_completed', id: 'call_a', success: true, result: { lines: 3 } },
      { type: 'agent_response_chunk', delta: 'There are ' },
      { type: 'agent_response_chunk', delta: '3 lines.' },
      {
        type: 'agent_completed',
        status: 'completed',
        response: 'There are 3 lines.',
        usage: {
          model: 'test-model',
          requests: 2,
          prompt_tokens: 250,
          completion_tokens: 15,
          total_tokens: 265,
          tool_calls: 1,
        },
      },
    ]);
    expect(requests[0]).toMatchObject({
      path: '/v1/chat/completions',
      authorization: `Bearer ${KEY}`,
      body: { model: 'test-model', stream: true, tool_choice: 'auto' },
    });
    expect(requests[0]?.body.tools.map((tool) => tool.function.name)).toEqual(WORKSPACE_TOOLS.map(({ name }) => name));
    expect(requests[1]?.body.messages.slice(1)).toMatchObject([
      { role: 'user', content: 'How many lines?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_a', function: { name: 'count_lines', arguments: '{"glob":"*.ts"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_a', content: expect.stringContaining('"lines":3') as string },
    ]);
  });

  it('may call several tools at once, and use an id twice', async () => {
    const { run, requests } = await answer([
      {
        deltas: [
          ...toolCall('list_files', '{}', 'call_0', 0),
          ...toolCall('read_file', '{"path":"a.ts"}', 'call_0', 1),
        ],
      },
      { deltas: toolCall('count_lines', '', '', 0) },
      { deltas: [{ content: 'Done.' }] },
    ]);
    expect(run.calls).toEqual(['list_files', 'read_file', 'count_lines']);
    expect(new Set(run.ofType('tool_executing').map(({ id }) => id)).size).toBe(3);
    expect(requests[2]?.body.messages.at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'call_2_0' });
    expect(run.end?.status).toBe('completed');
  });

  it.each([
    ['read_file', '{"path":"../../etc/passwd"}', /cannot contain/],
    ['read_file', '{"path":".env"}', /off limits/],
    ['read_file', '{"path":7}', /Wrong arguments/],
    ['read_file', '{"path":', /Wrong arguments/],
    ['delete_file', '{"path":"a.ts"}', /no such tool/],
    ['', '{}', /no such tool/],
  ])('is told when a call goes wrong: %s %s', async (name, args, message) => {
    const { run, requests } = await answer(
      [{ deltas: toolCall(name, args) }, { deltas: [{ content: 'I could not read that.' }] }],
      { files: { 'a.ts': '', '.env': 'KEY=1' } },
    );
    expect(run.ofType('tool_completed')).toMatchObject([
      { success: false, error: expect.stringMatching(message) as string },
    ]);
    expect(requests[1]?.body.messages.at(-1)?.content).toMatch(message);
    expect(run.end).toMatchObject({ status: 'completed', response: 'I could not read that.' });
  });

  it('may write null for what it leaves out', async () => {
    const { run } = await answer([
      { deltas: toolCall('count_lines', '{"under":null,"glob":"*.ts"}') },
      { deltas: [{ content: '3' }] },
    ]);
    expect(run.ofType('tool_completed')).toMatchObject([{ success: true, result: { lines: 3 } }]);
  });

  it('has to answer after so many steps', async () => {
    const call = { deltas: toolCall('list_files', '{}') };
    const { run, requests } = await answer([call, call, { deltas: [{ content: 'Enough.' }] }], {
      settings: { maxSteps: 3 },
    });
    expect(requests.map(({ body }) => body.tool_choice)).toEqual(['auto', 'auto', 'none']);
    expect(run.end).toMatchObject({ status: 'completed', response: 'Enough.' });
  });

  it('streams as the answer just what the answer is', async () => {
    const { run } = await answer([
      { deltas: [{ content: 'Let me see.' }, ...toolCall('list_files', '{}')] },
      { deltas: [{ content: 'One file.' }], finish: 'length' },
    ]);
    expect(run.answer).toBe('Let me see.\n\nOne file.\n\n*(The model reached its limit here.)*');
    expect(run.end?.response).toBe(run.answer);
  });

  it('gets the newest of the conversation, within bounds', async () => {
    const history = Array.from({ length: 60 }, (_, index) => ({
      role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: `${index} `.padEnd(2_000, 'x'),
    }));
    const { requests } = await answer([{ deltas: [{ content: 'Yes.' }] }], { history });
    const messages = requests[0]?.body.messages ?? [];
    expect(messages).toHaveLength(14);
    expect(messages[0]?.role).toBe('system');
    expect(messages.at(-2)?.content).toMatch(/^59 /);
    expect(messages.at(-1)?.content).toBe('How many lines?');
  });

  it('gets results of a bounded length, and of old ones only the newest', async () => {
    const turns = Array.from({ length: 11 }, () => ({
      deltas: [
        ...toolCall('read_file', '{"path":"long.txt"}', 'a', 0),
        ...toolCall('read_file', '{"path":"long.txt"}', 'b', 1),
      ],
    }));
    const { requests } = await answer([...turns, { deltas: [{ content: 'Long.' }] }], {
      files: { 'long.txt': linesOf(400, 'y'.repeat(59)) },
    });
    const messages = requests.at(-1)?.body.messages ?? [];
    const total = messages.reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
    expect(total).toBeLessThan(180_000);
    expect(messages.at(-1)?.content).toContain('cut here');
    expect(messages.find(({ role }) => role === 'tool')?.content).toContain('taken out');
  });
});

describe('when the endpoint fails', () => {
  it.each([
    [401, `Incorrect API key provided: ${KEY}`, 'The model endpoint refused the key (401).'],
    [
      404,
      'model not found',
      'The model endpoint knows no such address or model (404). Check OPENAI_BASE_URL and OPENAI_MODEL.',
    ],
    [429, 'slow down', 'The model endpoint takes no more requests for now (429).'],
    [
      400,
      `bad ${KEY} for sk-abcdefgh at https://host/x`,
      'The model endpoint reported an error (400): 400 bad [hidden] for [hidden] at [address]',
    ],
    [500, 'oops', 'The model endpoint reported an error (500): 500 oops'],
  ])('with %i, the run fails with a clear message and no key', async (status, error, message) => {
    const { run } = await answer([{ status, error }]);
    expect(run.end).toEqual({ type: 'agent_completed', status: 'failed', error: message });
    expect(JSON.stringify(run.events)).not.toContain(KEY);
  });

  it('because nobody is there', async () => {
    const { run } = await answer([], { settings: { baseUrl: 'http://127.0.0.1:9/v1' } });
    expect(run.end).toMatchObject({ status: 'failed', error: 'The model endpoint cannot be reached.' });
  });

  it('in the middle of its answer', async () => {
    const { run } = await answer([{ deltas: [{ content: 'There' }], break: true }]);
    expect(run.end).toMatchObject({ status: 'failed', error: 'The connection to the model endpoint broke.' });
    expect(run.ofType('agent_completed')).toHaveLength(1);
  });

  it('by saying nothing', async () => {
    const { run } = await answer([{ deltas: [] }]);
    expect(run.end).toMatchObject({ status: 'failed', error: 'The model gave no answer.' });
  });

  it('by withholding the answer', async () => {
    const { run } = await answer([{ deltas: [{ content: 'I' }], finish: 'content_filter' }]);
    expect(run.end).toMatchObject({ status: 'failed', error: 'The model endpoint withheld the answer.' });
  });

  it('by falling silent', async () => {
    const { run, endpoint } = await answer([{ deltas: [{ content: 'There' }], hang: true }], {
      settings: { idleTimeoutMs: 60 },
    });
    expect(run.end).toMatchObject({ status: 'failed', error: 'The model endpoint fell silent.' });
    await expect.poll(endpoint.dropped).toBe(1);
  });
});

describe('cancelling a model', () => {
  it('while it writes ends the request and the run', async () => {
    const { run, endpoint } = await answer([{ deltas: [{ content: 'There' }, { content: ' are' }], hang: true }], {
      onEvent: (event, self) => {
        if (event.type === 'agent_response_chunk') self.cancel();
      },
    });
    expect(run.end).toEqual({ type: 'agent_completed', status: 'cancelled' });
    await expect.poll(endpoint.dropped).toBe(1);
  });

  it('before it has said anything', async () => {
    const { run } = await answer([{ hang: true }], {
      whenAsked: (self, endpoint) => {
        const timer = setInterval(() => {
          if (endpoint.received.length === 0) return;
          clearInterval(timer);
          self.cancel();
        }, 2);
      },
    });
    expect(run.end).toEqual({ type: 'agent_completed', status: 'cancelled' });
  });

  it('while its tool works fails the tool, and asks the model no more', async () => {
    const { run, requests } = await answer(
      [{ deltas: toolCall('count_lines', '{}') }, { deltas: [{ content: 'no' }] }],
      {
        onEvent: (event, self) => {
          if (event.type === 'tool_executing') self.cancel();
        },
      },
    );
    expect(run.ofType('tool_completed')).toMatchObject([{ success: false, error: 'cancelled by the user' }]);
    expect(run.end).toEqual({ type: 'agent_completed', status: 'cancelled' });
    expect(requests).toHaveLength(1);
  });
});

describe('silence', () => {
  it('is told of again and again, until it was too long', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const onStretch = vi.fn();
    const silence = new Silence(1_000, 3_000, onStretch);
    vi.advanceTimersByTime(900);
    silence.broken();
    vi.advanceTimersByTime(900);
    expect(onStretch).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_500);
    expect(onStretch).toHaveBeenCalledTimes(2);
    expect(silence.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(silence.signal.aborted).toBe(true);
    silence.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
