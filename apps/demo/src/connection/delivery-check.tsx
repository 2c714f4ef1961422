import { Icon } from '@ws/ui';
import { usePage } from '../app/session-context.ts';
import './delivery-check.css';

/** What the page itself counted of the offsets that it saw. */
export function DeliveryCheck() {
  const { received, replayed, gaps, repeated, duplicates } = usePage((state) => state.audit);
  const isKept = gaps === 0 && repeated === 0;
  return (
    <section
      className="delivery-check"
      data-testid="delivery-check"
      data-kept={isKept}
      data-gaps={gaps}
      data-repeated={repeated}
      data-duplicates={duplicates}
      aria-label="Delivery check"
    >
      <p className="delivery-check__verdict">
        <Icon name={isKept ? 'check' : 'warn'} size={15} />
        {verdict(received, isKept)}
      </p>
      <ul>
        <Count value={received} label="received" />
        <Count value={replayed} label="by replay" />
        <Count value={gaps} label="gaps" isBad={gaps > 0} />
        <Count value={repeated} label="shown twice" isBad={repeated > 0} />
      </ul>
      <p className="delivery-check__note">
        Counted by this page from the offsets it saw. Duplicates dropped by the client: {duplicates}.
      </p>
    </section>
  );
}

function verdict(received: number, isKept: boolean): string {
  if (!isKept) return 'The order was broken';
  return received === 0 ? 'No event yet' : 'Every event once, in order';
}

interface CountProps {
  readonly value: number;
  readonly label: string;
  readonly isBad?: boolean;
}

function Count({ value, label, isBad = false }: CountProps) {
  return (
    <li data-bad={isBad}>
      <strong>{value}</strong>
      <span>{label}</span>
    </li>
  );
}
