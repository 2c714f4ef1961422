import { addressOf } from '../app/use-place.ts';

/** A user, whose stream it opens. */
export function UserLink({ user, onUser }: { readonly user: string; readonly onUser: (user: string) => void }) {
  return (
    <a
      className="user-link"
      data-testid="user-link"
      href={addressOf({ user })}
      title={`Open the stream of ${user}`}
      onClick={(event) => {
        // Another tab is the browser's to open.
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onUser(user);
      }}
    >
      {user}
    </a>
  );
}
