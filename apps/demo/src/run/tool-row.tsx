import { useState } from 'react';
import type { JsonValue, ToolCallState } from '@ws/types';
import { formatDuration, Icon, JsonView, Spinner } from '@ws/ui';
import type { RunActivity } from './run-activity.ts';
import { ElapsedTime } from './elapsed-time.tsx';
import './tool-row.css';

export interface ToolRowProps {
  readonly tool: ToolCallState;
  readonly startedAt: number | undefined;
  /** What the user said, where the call asked. */
  readonly decision: boolean | undefined;
  readonly activity: RunActivity;
}

/** One tool call; its arguments and its result fold out. */
export function ToolRow({ tool, startedAt = 0, decision, activity }: ToolRowProps) {
  const [isOpen, setOpen] = useState(false);
  const { tool_name: name, args, status, result, error, duration_ms: durationMs } = tool;
  // A run that waits for an approval may have another call at work.
  const isWorking = status === 'executing' && (activity === 'working' || activity === 'asking');
  const isUnknown = status === 'executing' && activity === 'unknown';
  const icon = isUnknown ? 'unplug' : status === 'completed' ? 'check' : 'cross';
  return (
    <li className="tool-row" data-testid="tool-call" data-tool-name={name} data-status={status}>
      <button type="button" className="tool-row__toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span className="step-mark" data-tone={isWorking ? 'working' : status}>
          {isWorking ? <Spinner /> : <Icon name={icon} size={14} />}
        </span>
        <span className="tool-row__name">{name}</span>
        <span className="tool-row__args">{compactArguments(args)}</span>
        {decision !== undefined && (
          <span className="tool-row__decision" data-approved={decision}>
            {decision ? 'approved' : 'denied'}
          </span>
        )}
        {status === 'completed' && <span className="tool-row__summary">{summarizeResult(result)}</span>}
        <span className="tool-row__time">
          {isWorking ? (
            <ElapsedTime startedAt={startedAt} durationMs={undefined} isRunning />
          ) : (
            durationMs !== undefined && formatDuration(durationMs)
          )}
        </span>
        <span className="visually-hidden">{isWorking ? 'working' : isUnknown ? 'last seen working' : status}</span>
        <span className="tool-row__chevron" aria-hidden="true">
          <Icon name="chevron" size={14} />
        </span>
      </button>
      {error !== undefined && <p className="tool-row__error">{error}</p>}
      {isOpen && (
        <div className="tool-row__details">
          <JsonView label="Arguments" value={args} />
          {result !== undefined && <JsonView label="Result" value={result} />}
        </div>
      )}
    </li>
  );
}

/** A value on one line, as one would say it: `query: "factory", limit: 20`. */
export function compactArguments(args: JsonValue): string {
  if (args === null) return '';
  if (typeof args !== 'object' || Array.isArray(args)) return JSON.stringify(args);
  return Object.entries(args)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ');
}

/** What came out of a tool, in a few words: what it found, how much it read, or what it counted. Empty if nothing stands out. */
export function summarizeResult(result: JsonValue | undefined): string {
  if (result === undefined || result === null) return '';
  if (isList(result)) return counted(result.length, 'item');
  if (typeof result !== 'object') return clipped(String(result));
  const { matches, text } = result;
  if (matches !== undefined && isList(matches)) return matches.length === 1 ? '1 match' : `${matches.length} matches`;
  if (typeof text === 'string') return counted(text === '' ? 0 : text.trimEnd().split('\n').length, 'line');
  const [name, value] = Object.entries(result).find((entry) => typeof entry[1] === 'number') ?? [];
  return name === undefined ? '' : `${Number(value).toLocaleString('en')} ${name.replaceAll('_', ' ')}`;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function clipped(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
