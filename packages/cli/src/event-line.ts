import type { ReceivedEvent } from '@ws/types';

const MAX_TEXT = 160;

/** An event on one line: offset, time, type, run, and what says most about its payload. */
export function eventLine({ offset, timestamp, type, run_id, payload }: ReceivedEvent): string {
  const time = new Date(timestamp).toISOString().slice(11, 23);
  return `${String(offset ?? '·').padStart(6)}  ${time}  ${type.padEnd(24)}  ${(run_id ?? '-').padEnd(16)}  ${summary(payload)}`;
}

function summary(payload: object): string {
  const fields = payload as Readonly<Record<string, unknown>>;
  const names = ['delta', 'text', 'tool_name', 'task', 'status', 'agent_name'];
  const first = names.map((name) => fields[name]).find((value) => typeof value === 'string');
  const text = typeof first === 'string' ? first : JSON.stringify(payload);
  return text.replaceAll(/\s+/g, ' ').slice(0, MAX_TEXT);
}
