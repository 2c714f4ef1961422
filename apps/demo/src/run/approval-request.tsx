import { useApproval } from '@ws/react';
import { Button, formatDuration, Icon, JsonView, useNow } from '@ws/ui';
import { errorText } from '../session/error-text.ts';
import type { Decision } from '../state/run-traces.ts';
import './approval-request.css';

/** A tool call that waits for the user. Any tab may answer; the first answer counts. */
export function ApprovalRequest({ runId, toolCallId }: { readonly runId: string; readonly toolCallId: string }) {
  const { approval, approve, refuse, isPending, error } = useApproval(runId, toolCallId);
  const now = useNow(1_000);
  if (approval === undefined) return null;
  // A user must see the arguments to approve them, but not to deny them.
  const isReading = approval.args_omitted === true;
  const leftMs = Math.max(0, approval.expires_at - now);
  return (
    <section className="approval" data-testid="approval" aria-label={`Approval for ${approval.tool_name}`}>
      <p className="approval__question">
        <Icon name="shield" size={16} />
        <span>
          May it run <code>{approval.tool_name}</code>?
        </span>
        <span className="approval__time">{leftMs > 0 ? `${formatDuration(leftMs)} left` : 'lapsed'}</span>
      </p>
      {isReading ? (
        <p role="status">Reading what it would run with …</p>
      ) : (
        <JsonView label="With" value={approval.args} />
      )}
      <div className="approval__buttons">
        <Button look="primary" data-testid="approve" disabled={isPending || isReading} onClick={() => void approve()}>
          Approve
        </Button>
        <Button look="danger" data-testid="deny" disabled={isPending} onClick={() => void refuse()}>
          Deny
        </Button>
        {error !== null && <span role="alert">{errorText(error)}</span>}
      </div>
    </section>
  );
}

/** What became of an approval whose tool call never began: a call that ran shows it in its row. */
export function DecisionNote({ decision }: { readonly decision: Decision }) {
  const { approved, toolName, reason } = decision;
  return (
    <p className="decision-note" data-testid="decision" data-approved={approved}>
      <span className="step-mark" data-tone={approved ? 'completed' : 'failed'}>
        <Icon name={approved ? 'check' : 'cross'} size={14} />
      </span>
      <span>
        <code>{toolName ?? 'A tool call'}</code> was {approved ? 'approved' : 'denied'}
        {reason !== undefined && `: ${reason}`}
      </span>
    </p>
  );
}
