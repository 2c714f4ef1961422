import { createHub } from '@ws/core';
import { describe, expect, it } from 'vitest';
import { createWorkspaceAgent, type AgentClock, type AgentRun } from '../../server/agent/index.ts';
import { splitQuestions } from '../../server/agent/planner/question.ts';
import { toDeltas } from '../../server/agent/speech.ts';
import { ask } from './support/ask.ts';
import { linesOf, makeFolder } from './support/folder.ts';
import { RecordingRun, type Recorded } from './support/recording-run.ts';

const QUESTIONS = [
  'Where is the tea pot defined?',
  'How many lines are there?',
  'What is this repository?',
  'Who uses teaPot?',
  'Tell me a joke',
  '',
];

const makeKitchen = () =>
  makeFolder({
    'src/tea.ts': '/** Holds tea. */\nexport const teaPot = 1;\n',
    'src/b.ts': linesOf(20),
    'README.md': 'Tea.\n',
  });

describe('a run', () => {
  it.each(QUESTIONS)('begins, works and ends in order: %j', async (question) => {
    const run = await ask(makeKitchen(), question);
    const types = run.events.map(({ type }) => type);
    expect(types[0]).toBe('agent_started');
    expect(types[1]).toBe('agent_thinking');
    expect(types.at(-1)).toBe('agent_completed');
    expect(run.ofType('agent_started')).toHaveLength(1);
    expect(run.ofType('agent_completed')).toHaveLength(1);
    const started = run.ofType('tool_executing').map(({ id }) => id);
    const ended = run.ofType('tool_completed').map(({ id }) => id);
    expect(new Set(started).size).toBe(started.length);
    expect(ended).toEqual(started);
    expect(run.end).toMatchObject({ status: 'completed', response: run.answer, usage: { tool_calls: started.length } });
    expect(run.answer).not.toBe('');
  });

  it('streams what it thinks and answers in small parts', async () => {
    const run = await ask(makeKitchen(), 'Where is the tea pot defined?');
    expect(run.ofType('agent_thinking').length).toBeGreaterThan(5);
    expect(run.ofType('agent_response_chunk').length).toBeGreaterThan(5);
    for (const { delta } of run.ofType('agent_response_chunk')) expect(delta.length).toBeLessThan(80);
  });

  it('is a run of a real manager', async () => {
    const hub = createHub();
    const manager = hub.manager({ userId: 'u1' });
    const run: AgentRun = await manager.startRun({ agentName: 'workspace-agent', threadId: 't1' });
    await createWorkspaceAgent({ root: makeKitchen(), pace: 0 }).answer('How many lines are there?', run);
    const { events } = await manager.history({ after: 0, limit: 500 });
    expect(events[0]?.type).toBe('agent_started');
    expect(events.find(({ type }) => type === 'tool_completed')).toMatchObject({
      payload: { tool_name: 'count_lines', success: true, result: { lines: 23 } },
    });
    expect(events.at(-1)).toMatchObject({
      type: 'agent_completed',
      payload: { status: 'completed', final_response: expect.stringContaining('**23 lines**') as string },
    });
    await hub.close();
  });
});

describe('deltas', () => {
  it.each(['', ' ', 'one', 'a b c d e f g', '\n\n- `a`\n- `b`\n', 'x '.repeat(1_000)])(
    'make up the text again: %j',
    (text) => {
      expect(toDeltas(text).join('')).toBe(text);
    },
  );

  it('of a long text are larger, not more', () => {
    expect(toDeltas('word '.repeat(5_000)).length).toBeLessThanOrEqual(80);
  });
});

describe('pace', () => {
  it('is kept between deltas, by the clock', async () => {
    const slept: number[] = [];
    const clock: AgentClock = { sleep: async (milliseconds) => void slept.push(milliseconds) };
    const run = new RecordingRun();
    await createWorkspaceAgent({ root: makeKitchen(), clock, pace: 15 }).answer('help', run);
    expect(slept).toHaveLength(run.ofType('agent_thinking').length + run.ofType('agent_response_chunk').length);
    expect(new Set(slept)).toEqual(new Set([15]));
  });

  it('does not hold up a cancellation', async () => {
    const run = new RecordingRun();
    const answering = createWorkspaceAgent({ root: makeKitchen(), pace: 60_000 }).answer('help', run);
    setTimeout(() => run.cancel(), 5);
    await answering;
    expect(run.end).toMatchObject({ status: 'cancelled' });
  });
});

describe('cancelling', () => {
  const cancelAt = async (
    when: (event: Recorded, run: RecordingRun) => boolean,
    question = 'Where is the tea pot defined?',
  ) => {
    const run = new RecordingRun((event, self) => {
      if (when(event, self)) self.cancel();
    });
    await createWorkspaceAgent({ root: makeKitchen(), pace: 0 }).answer(question, run);
    return run;
  };

  it.each(['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_response_chunk'] as const)(
    'at the first %s ends the run as cancelled, with nothing after',
    async (type) => {
      const run = await cancelAt((event) => event.type === type);
      expect(run.end).toEqual({ type: 'agent_completed', status: 'cancelled' });
      expect(run.ofType('tool_completed')).toHaveLength(run.ofType('tool_executing').length);
      const after = run.events
        .slice(run.events.findIndex((event) => event.type === type) + 1)
        .map((event) => event.type);
      expect(after.filter((each) => each === 'agent_thinking' || each === 'agent_response_chunk')).toEqual([]);
    },
  );

  it('fails the tool that is open', async () => {
    const run = await cancelAt((event) => event.type === 'tool_executing');
    expect(run.ofType('tool_completed')).toMatchObject([{ success: false, error: 'cancelled by the user' }]);
  });

  it('of a run that was cancelled before it began', async () => {
    const run = new RecordingRun();
    run.cancel();
    await createWorkspaceAgent({ root: makeKitchen() }).answer('help', run);
    expect(run.events.map(({ type }) => type)).toEqual(['agent_started', 'agent_completed']);
  });

  it('of a run of a real manager, while a tool works', async () => {
    const hub = createHub();
    const manager = hub.manager({ userId: 'u1' });
    const run = await manager.startRun({ agentName: 'workspace-agent' });
    const agent = createWorkspaceAgent({ root: makeKitchen(), pace: 0 });
    const port: AgentRun = {
      runId: run.runId,
      signal: run.signal,
      think: (delta) => run.think(delta),
      write: (delta) => run.write(delta),
      complete: (options) => run.complete(options),
      fail: (error) => run.fail(error),
      requestApproval: (request) => run.requestApproval(request),
      tool: (name, args, work, options) =>
        run.tool(
          name,
          args,
          async () => {
            await manager.cancelRun(run.runId);
            return work();
          },
          options,
        ),
    };
    await agent.answer('How many lines are there?', port);
    const { events } = await manager.history({ after: 0, limit: 500 });
    expect(events.slice(-2)).toMatchObject([
      { type: 'tool_completed', payload: { success: false, error: 'cancelled by the user' } },
      { type: 'agent_completed', payload: { status: 'cancelled' } },
    ]);
    await hub.close();
  });
});

describe('faults', () => {
  it('end the run as failed, without telling about the machine', async () => {
    const run = new RecordingRun();
    const clock: AgentClock = {
      sleep: async () => {
        throw new TypeError('/home/somebody/secret is broken');
      },
    };
    await createWorkspaceAgent({ root: makeKitchen(), clock, pace: 1 }).answer('help', run);
    expect(run.end).toEqual({
      type: 'agent_completed',
      status: 'failed',
      error: 'The agent failed for an internal reason (TypeError).',
    });
  });

  it('of the run itself reach the caller', async () => {
    const run = new RecordingRun();
    run.complete = async () => {
      throw new Error('the log is gone');
    };
    await expect(createWorkspaceAgent({ root: makeKitchen(), pace: 0 }).answer('help', run)).rejects.toThrow(
      'the log is gone',
    );
    expect(run.end).toBeUndefined();
  });

  it('in a folder that vanishes end the run, too', async () => {
    const root = makeKitchen();
    const agent = createWorkspaceAgent({ root, pace: 0 });
    const { rmSync } = await import('node:fs');
    rmSync(root, { recursive: true });
    const run = new RecordingRun();
    await agent.answer('How many lines are there?', run);
    expect(run.end?.status).toBe('failed');
    expect(run.end?.error).not.toContain(root);
  });
});

describe('a message that says how it wants to be answered', () => {
  const asked = async (message: string, approves: boolean) => {
    const run = new RecordingRun(undefined, approves);
    await createWorkspaceAgent({ root: makeKitchen(), pace: 0 }).answer(message, run);
    return run;
  };

  it('"Ask me first." makes the first tool call wait for an approval, after the text that says why', async () => {
    const run = await asked('How many lines are there? Ask me first.', true);
    const steps = run.events.filter(({ type }) => type !== 'agent_thinking').map(({ type }) => type);
    expect(steps[1]).toBe('agent_response_chunk');
    expect(run.ofType('tool_approval_requested')).toEqual([
      { type: 'tool_approval_requested', id: 'run-1-asked', name: 'count_lines' },
    ]);
    expect(steps.indexOf('tool_approval_requested')).toBeGreaterThan(1);
    expect(steps.indexOf('tool_executing')).toBe(steps.indexOf('tool_approval_requested') + 1);
    expect(run.ofType('tool_executing')[0]?.id).toBe('run-1-asked');
    expect(run.answer).toContain('23 lines');
  });

  it('a denial ends the run without a tool call, and the answer says so', async () => {
    const run = await asked('How many lines are there? Ask me first.', false);
    expect(run.calls).toEqual([]);
    expect(run.answer).toContain('The user did not allow count_lines. I read nothing');
    expect(run.end).toMatchObject({ status: 'completed' });
  });

  it('"Answer slowly." gives a person ten seconds to break something', async () => {
    let slept = 0;
    const clock: AgentClock = {
      sleep: async (milliseconds) => {
        slept += milliseconds;
      },
    };
    const run = new RecordingRun();
    await createWorkspaceAgent({ root: makeKitchen(), clock }).answer('What is this project? Answer slowly.', run);
    expect(run.answer).toContain('Tea');
    expect(slept).toBeGreaterThan(10_000);
  });
});

describe('several questions in one message', () => {
  it('are answered in turn, and a later one may mean what an earlier one found', async () => {
    const run = await ask(makeKitchen(), 'Where is the tea pot defined? How long is it?');
    const [first = '', second = ''] = run.answer.split('**How long is it?**');
    expect(first).toContain('**Where is the tea pot defined?**');
    expect(first).toContain('src/tea.ts:2');
    expect(second).toContain('src/tea.ts');
  });

  it('are five at most, and the answer says how many are left', async () => {
    const run = await ask(makeKitchen(), 'How many lines are there? '.repeat(7));
    expect(run.ofType('tool_executing')).toHaveLength(5);
    expect(run.answer).toContain('Ask the other 2 again.');
  });

  it.each(['Search for "tea? pot"', 'How many lines are there? Thanks!'])('%j is one', async (message) => {
    expect(splitQuestions(message)).toHaveLength(1);
  });
});
