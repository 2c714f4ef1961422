import type { JsonValue } from '@ws/types';
import './json-view.css';

const MAX_CHARACTERS = 20_000;

export function JsonView({ label, value }: { readonly label: string; readonly value: JsonValue }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const isLong = text.length > MAX_CHARACTERS;
  return (
    <div className="json-view">
      <span className="json-view__label">{label}</span>
      <pre tabIndex={0} aria-label={label}>
        {isLong ? `${text.slice(0, MAX_CHARACTERS)}\n… ${text.length - MAX_CHARACTERS} more characters` : text}
      </pre>
    </div>
  );
}
