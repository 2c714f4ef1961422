import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

const DAY_MS = 86_400_000;

export interface Session {
  /** What the cookie holds. It is also the `tokenId`, by which this one session is signed out. */
  readonly id: string;
  readonly userId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Sessions in a table, so that users stay signed in when the server restarts. */
export function openSessions(path: string) {
  const db = new DatabaseSync(path);
  db.exec(
    'CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, userId TEXT NOT NULL, expiresAt INTEGER NOT NULL)',
  );
  const insert = db.prepare('INSERT INTO sessions VALUES (?, ?, ?)');
  const select = db.prepare('SELECT id, userId, expiresAt FROM sessions WHERE id = ? AND expiresAt > ?');
  const remove = db.prepare('DELETE FROM sessions WHERE id = ?');
  return {
    begin(userId: string): Session {
      const session = { id: randomUUID(), userId, expiresAt: Date.now() + DAY_MS };
      insert.run(session.id, session.userId, session.expiresAt);
      return session;
    },
    find: (id = ''): Session | undefined => select.get(id, Date.now()) as Session | undefined,
    end: (id: string): void => void remove.run(id),
  };
}
