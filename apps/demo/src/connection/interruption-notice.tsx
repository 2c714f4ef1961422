import { Icon, type IconName, Spinner } from '@ws/ui';
import type { Interruption } from '../state/interruptions.ts';
import { interruptionText, type InterruptionText } from './interruption-text.ts';
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
