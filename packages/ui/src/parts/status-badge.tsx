import type { RunStatus } from '@ws/types';
import { Icon, type IconName } from './icon.tsx';
import { Spinner } from './spinner.tsx';
import './status-badge.css';

/** `waiting`: a run that waits for the user. `unknown`: a run that was running when the connection broke. */
type Status = RunStatus | 'running' | 'waiting' | 'unknown';

const LABELS: { readonly [Name in Status]: string } = {
  running: 'Running',
  waiting: 'Waits for you',
  unknown: 'Last seen running',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
};

const ICONS: { readonly [Name in Exclude<Status, 'running'>]: IconName } = {
  waiting: 'shield',
  unknown: 'unplug',
  completed: 'check',
  failed: 'cross',
  cancelled: 'dash',
  interrupted: 'warn',
};

export function StatusBadge({ status }: { readonly status: Status }) {
  return (
    <span className="status-badge" data-status={status}>
      {status === 'running' ? <Spinner size={11} /> : <Icon name={ICONS[status]} size={13} />}
      {LABELS[status]}
    </span>
  );
}
