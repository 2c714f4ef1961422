import type { RunView } from '@ws/client';
import { asSentence, formatDuration, Icon, Spinner, StatusBadge } from '@ws/ui';
import './run-panel.css';

type Tool = RunView['tools'][number];

/** A run as its user saw it at the moment of the replay. */
export function RunPanel({ run }: { readonly run: RunView }) {
  const { agent_name, status, task, thinking, tools, response, error } = run;
  return (
    <article className="run-panel" data-testid="run-panel" data-run-id={run.run_id} data-status={status}>
      <header>
        <h3>{agent_name || 'A run'}</h3>
        <StatusBadge status={status} />
        <code title={run.run_id}>{run.run_id.slice(0, 18)}</code>
      </header>
      {task !== undefined && <p className="run-panel__task">{task}</p>}
      {thinking !== '' && <p className="run-panel__thinking">{thinking}</p>}
      {tools.length > 0 && (
        <ul className="run-panel__tools">
          {tools.map((tool) => (
            <ToolLine key={tool.tool_call_id} tool={tool} />
          ))}
        </ul>
      )}
      {response !== '' && <p className="run-panel__response">{response}</p>}
      {error !== undefined && <p className="run-panel__error">{asSentence(error)}</p>}
    </article>
  );
}

function ToolLine({ tool: { tool_name, args, status, duration_ms } }: { readonly tool: Tool }) {
  return (
    <li data-status={status}>
      {status === 'executing' ? (
        <Spinner size={12} />
      ) : (
        <Icon name={status === 'failed' ? 'cross' : 'check'} size={14} />
      )}
      <strong>{tool_name}</strong>
      <code>{JSON.stringify(args).slice(0, 100)}</code>
      {duration_ms !== undefined && <span>{formatDuration(duration_ms)}</span>}
    </li>
  );
}
