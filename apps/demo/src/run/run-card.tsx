import { useState } from 'react';
import { useConnection, useRun } from '@ws/react';
import type { RunView } from '@ws/client';
import { asSentence, Icon } from '@ws/ui';
import { usePage } from '../app/session-context.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { NO_TRACE } from '../state/run-traces.ts';
import { ApprovalRequest, DecisionNote } from './approval-request.tsx';
import { EventStrip } from './event-strip.tsx';
import { runActivity } from './run-activity.ts';
import { RunHeader } from './run-header.tsx';
import { ToolRow } from './tool-row.tsx';
import './run-card.css';

/** One run: who works, what it thinks, what it does, what it answers. `live`: it arrived while the page watched. */
export function RunCard({ runId, live }: { readonly runId: string; readonly live: boolean }) {
  const run = useRun(runId);
  const trace = usePage((state) => state.traces.get(runId)) ?? NO_TRACE;
  const { isConnected } = useConnection();
  if (run === undefined) return null;
  const headingId = `run-${runId}`;
  const isRunning = run.status === 'running';
  const activity = runActivity(run, isConnected);
  const calls = new Set(run.tools.map(({ tool_call_id }) => tool_call_id));
  return (
    <article
      className="run-card"
      data-testid="run-card"
      data-run-id={runId}
      data-status={run.status}
      data-activity={activity}
      data-live={live}
      aria-labelledby={headingId}
      aria-busy={activity === 'working'}
    >
      <RunHeader run={run} activity={activity} trace={trace} headingId={headingId} />
      <div className="run-card__steps">
        {run.thinking !== '' && (
          <ThinkingBlock text={run.thinking} isWorking={isRunning && run.tools.length === 0 && run.response === ''} />
        )}
        {run.tools.length > 0 && (
          <ol className="run-card__tools" aria-label="Tool calls">
            {run.tools.map((tool) => (
              <ToolRow
                key={tool.tool_call_id}
                tool={tool}
                startedAt={trace.toolsStartedAt[tool.tool_call_id]}
                decision={trace.decisions[tool.tool_call_id]?.approved}
                activity={activity}
              />
            ))}
          </ol>
        )}
        {Object.entries(trace.decisions).map(
          ([id, decision]) => !calls.has(id) && <DecisionNote key={id} decision={decision} />,
        )}
      </div>
      <RunAnswer text={run.response} isRunning={activity === 'working'} />
      {/* Below the text that led to them. */}
      {run.pending_approvals.map(({ tool_call_id }) => (
        <ApprovalRequest key={tool_call_id} runId={runId} toolCallId={tool_call_id} />
      ))}
      <RunOutcome run={run} />
      <EventStrip trace={trace} />
    </article>
  );
}

/** The agent's reasoning. Open while there is nothing else to see, until the user decides otherwise. */
function ThinkingBlock({ text, isWorking }: { readonly text: string; readonly isWorking: boolean }) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const isOpen = chosen ?? isWorking;
  return (
    <div className="thinking" data-testid="thinking" data-open={isOpen}>
      <button type="button" className="thinking__toggle" aria-expanded={isOpen} onClick={() => setChosen(!isOpen)}>
        <span className="step-mark" data-tone="thinking">
          <Icon name="thought" size={14} />
        </span>
        <span className="thinking__title">Thinking</span>
        {!isOpen && <span className="thinking__preview">{text.trimEnd().split('\n').at(-1)}</span>}
        <span className="thinking__chevron" aria-hidden="true">
          <Icon name="chevron" size={14} />
        </span>
      </button>
      <div className="thinking__fold">
        <p className="thinking__text">{text.trim()}</p>
      </div>
    </div>
  );
}

/** The answer. Read out when it is complete, not word by word. */
function RunAnswer({ text, isRunning }: { readonly text: string; readonly isRunning: boolean }) {
  return (
    <div
      className="run-answer"
      data-testid="answer"
      data-writing={isRunning && text !== ''}
      aria-live="polite"
      aria-busy={isRunning}
      hidden={text === ''}
    >
      <Markdown text={text} />
    </div>
  );
}

/** What to say of a run that did not end well. */
function RunOutcome({ run }: { readonly run: RunView }) {
  const text = outcomeText(run);
  if (text === null) return null;
  return (
    <p className="run-outcome" data-status={run.status}>
      <Icon name={run.status === 'cancelled' ? 'dash' : 'warn'} size={15} />
      {text}
    </p>
  );
}

function outcomeText({ status, error }: RunView): string | null {
  switch (status) {
    case 'failed':
      return error === undefined ? 'The run failed.' : asSentence(error);
    case 'cancelled':
      return 'Stopped by you. What was done until then stays.';
    case 'interrupted':
      return error === undefined
        ? 'The process that ran it went away, so the server ended the run. Ask again to start a new one.'
        : asSentence(error);
    case 'running':
    case 'completed':
      return null;
  }
}
