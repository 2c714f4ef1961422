import { formatDuration, Icon, type IconName, Spinner } from '@ws/ui';
import type { Interruption } from '../state/interruptions.ts';
import './interruption-notice.css';

const ICONS: { readonly [Tone in InterruptionText['tone']]: IconName } = {
  open: 'unplug',
  busy: 'unplug',
  good: 'check',
  reset: 'retry',
  bad: 'warn',
};

/** A break of the connection, in its place in the conversation. */
export function InterruptionNotice({ interruption }: { readonly interruption: Interruption }) {
  const { happened, outcome, tone } = interruptionText(interruption);
  return (
    <div
      className="interruption"
      role="status"
      data-testid={tone === 'reset' ? 'reset-notice' : 'resume-notice'}
      data-tone={tone}
      data-phase={interruption.phase}
      data-offset={interruption.offset}
      data-replayed={interruption.replayed}
      data-missing={interruption.missing}
    >
      <p>
        {tone === 'busy' ? <Spinner size={13} /> : <Icon name={ICONS[tone]} size={14} />}
        <span>
          {happened} <span aria-hidden="true">→</span> <strong>{outcome}</strong>
        </span>
      </p>
    </div>
  );
}

/** What to say of an interruption: what happened, and how it ended. */
interface InterruptionText {
  readonly happened: string;
  readonly outcome: string;
  readonly tone: 'open' | 'busy' | 'good' | 'reset' | 'bad';
}

export function interruptionText(interruption: Interruption): InterruptionText {
  const { cause, offset, phase, recovery, replayed, missing, lostAt, resumedAt, headOffset } = interruption;
  const happened = `Connection ${cause === 'cut' ? 'cut' : 'lost'} at offset ${offset}`;
  if (recovery === 'reset') {
    return {
      happened: cause === 'load' ? 'Earlier history is no longer kept' : happened,
      outcome: 'reset: the position is no longer kept, so the page was rebuilt from the oldest event',
      tone: 'reset',
    };
  }
  if (phase === 'open')
    return { happened, outcome: 'what happens at the server is shown when the page is connected again', tone: 'open' };
  const after = resumedAt === undefined ? '' : ` after ${formatDuration(resumedAt - lostAt)}`;
  if (phase === 'replaying') {
    return { happened, outcome: `resumed${after}, replaying up to ${headOffset ?? ''}`, tone: 'busy' };
  }
  const events = `${replayed === 0 ? 'no' : replayed} event${replayed === 1 ? '' : 's'} replayed`;
  const gaps = missing === 0 ? 'none missing' : `${missing} gap${missing === 1 ? '' : 's'}`;
  return { happened, outcome: `resumed${after}, ${events}, ${gaps}`, tone: missing === 0 ? 'good' : 'bad' };
}
