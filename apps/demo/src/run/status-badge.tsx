import type { RunView } from '@ws/client';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Spinner } from '../ui/spinner.tsx';
import './status-badge.css';

type Status = RunView['status'];

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
