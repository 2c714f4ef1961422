import { useState, type FormEvent } from 'react';
import { Button, Icon, Spinner } from '@ws/ui';
import { problemText } from '../api/api-error.ts';
import { fetchState } from '../api/fetch-state.ts';
import './key-gate.css';

export interface KeyGateProps {
  /** Why the key that was there is no longer good. */
  readonly notice: string | null;
  readonly onKey: (key: string) => void;
}

/** Asks for the key of an administrator, and tries it before it lets anybody in. */
export function KeyGate({ notice, onKey }: KeyGateProps) {
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState(notice);
  const [isTrying, setTrying] = useState(false);

  const enter = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTrying(true);
    setProblem(null);
    try {
      await fetchState(key, null);
      onKey(key);
    } catch (error) {
      setProblem(problemText(error));
      setTrying(false);
    }
  };

  return (
    <main className="key-gate">
      <form className="key-gate__card" onSubmit={(event) => void enter(event)}>
        <span className="key-gate__picture" aria-hidden="true">
          <Icon name="key" size={20} />
        </span>
        <h1>Inspector</h1>
        <p>What this node holds, and how it got there.</p>
        <label htmlFor="admin-key">API key with the scope admin</label>
        <input
          id="admin-key"
          data-testid="key-input"
          type="password"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          value={key}
          aria-invalid={problem !== null}
          aria-describedby="key-problem"
          onChange={(event) => setKey(event.target.value.trim())}
        />
        <p id="key-problem" className="key-gate__problem" role="alert" data-testid="key-problem">
          {problem}
        </p>
        <Button look="primary" type="submit" disabled={key === '' || isTrying} data-testid="key-submit">
          {isTrying && <Spinner size={13} />}
          Look inside
        </Button>
        <p className="key-gate__hint">It stays in this tab and goes with it. In development mode it is dev-key.</p>
      </form>
    </main>
  );
}
