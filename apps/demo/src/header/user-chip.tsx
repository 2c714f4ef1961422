import { useRef, useState } from 'react';
import { isId } from '@ws/types';
import { Button, Icon } from '@ws/ui';
import './user-chip.css';

/** Who looks; opens a form to look as someone else. */
export function UserChip({
  userId,
  onChange,
}: {
  readonly userId: string;
  readonly onChange: (userId: string) => void;
}) {
  const form = useRef<HTMLFormElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(userId);
  const isUsable = isId(draft.trim());
  return (
    <>
      <button type="button" className="user-chip" popoverTarget="user-form" title="Change the user">
        <span className="user-chip__picture" aria-hidden="true">
          <Icon name="user" size={15} />
        </span>
        <span className="visually-hidden">User </span>
        <span className="user-chip__name" data-testid="user-id">
          {userId}
        </span>
      </button>
      <form
        ref={form}
        id="user-form"
        className="user-form"
        popover="auto"
        onToggle={(event) => {
          if (event.newState !== 'open') return;
          setDraft(userId);
          input.current?.select();
        }}
        onSubmit={(event) => {
          event.preventDefault();
          if (!isUsable) return;
          form.current?.hidePopover();
          if (draft.trim() !== userId) onChange(draft.trim());
        }}
      >
        <label htmlFor="user-input">User</label>
        <input
          ref={input}
          id="user-input"
          data-testid="user-input"
          value={draft}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={!isUsable}
          aria-describedby="user-hint"
          onChange={(event) => setDraft(event.target.value)}
        />
        <p id="user-hint">
          {isUsable
            ? 'Tabs of one user show the same. No user sees another user’s events.'
            : 'Letters and digits, no spaces.'}
        </p>
        <Button look="primary" type="submit" disabled={!isUsable}>
          Switch user
        </Button>
      </form>
    </>
  );
}
