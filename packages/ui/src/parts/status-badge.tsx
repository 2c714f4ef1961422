import type { RunStatus } from '@ws/types';
import { Icon, type IconName } from './icon.tsx';
import { Spinner } from './spinner.tsx';
import './status-badge.css';

type Status = RunStatus | 'running';

const LABELS: { readonly [Name in Status]: string } = {
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
};

const ICONS: { readonly [Name in Exclude<Status, 'running'>]: IconName } = {
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
