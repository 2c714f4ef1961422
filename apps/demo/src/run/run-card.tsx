import { useMemo } from 'react';
import { usePage } from '../app/session-context.ts';
import { NO_TRACE } from '../state/run-trace.ts';
import { runActivity } from './run-activity.ts';
import { ApprovalRequest, DecisionNote } from './approval-request.tsx';
import { EventStrip } from './event-strip.tsx';
import { RunAnswer } from './run-answer.tsx';
import { RunHeader } from './run-header.tsx';
import { RunOutcome } from './run-outcome.tsx';
import { ThinkingBlock } from './thinking-block.tsx';
import { ToolRow } from './tool-row.tsx';
import './run-card.css';

/** One run: who works, what it thinks, what it does, what it answers. `live`: it arrived while the page watched. */
export function RunCard({ runId, live }: { readonly runId: string; readonly live: boolean }) {
  const run = usePage((state) => state.conversation.runs.get(runId)?.view);
  const trace = usePage((state) => state.conversation.traces.get(runId)) ?? NO_TRACE;
  const client = usePage((state) => state.connection.client);
  const headingId = useMemo(() => `run-${runId}`, [runId]);
  if (run === undefined) return null;
  const isRunning = run.status === 'running';
  const activity = runActivity(run, client);
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
      {run.pending_approvals.map((approval) => (
        <ApprovalRequest key={approval.tool_call_id} runId={runId} approval={approval} />
      ))}
      <RunOutcome run={run} />
      <EventStrip trace={trace} />
    </article>
  );
}
