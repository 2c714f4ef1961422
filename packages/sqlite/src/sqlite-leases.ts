import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RunLease, RunLeases, StreamKey } from '@ws/core/log';
import type { RunId } from '@ws/types';
import type { FileAccess } from './file-access.ts';

interface LeaseRow {
  readonly stream: string;
  readonly run_id: string;
  readonly expires_at: number;
}

/** Run leases in the file of the log. */
export class SqliteLeases implements RunLeases {
  readonly #access: FileAccess;
  readonly #set: StatementSync;
  readonly #add: StatementSync;
  readonly #delete: StatementSync;
  readonly #expired: StatementSync;

  constructor(db: DatabaseSync, access: FileAccess) {
    this.#access = access;
    this.#set = db.prepare('INSERT OR REPLACE INTO leases (stream, run_id, expires_at) VALUES (?, ?, ?)');
    this.#add = db.prepare('INSERT OR IGNORE INTO leases (stream, run_id, expires_at) VALUES (?, ?, ?)');
    this.#delete = db.prepare('DELETE FROM leases WHERE stream = ? AND run_id = ?');
    this.#expired = db.prepare(
      'SELECT stream, run_id, expires_at FROM leases WHERE expires_at <= ? ORDER BY expires_at LIMIT ?',
    );
  }

  set(leases: readonly RunLease[]): Promise<void> {
    return this.#insert(this.#set, leases);
  }

  add(leases: readonly RunLease[]): Promise<void> {
    return this.#insert(this.#add, leases);
  }

  delete(leases: readonly Pick<RunLease, 'stream' | 'runId'>[]): Promise<void> {
    return this.#access.write(leases.length, () => {
      for (const { stream, runId } of leases) this.#delete.run(stream, runId);
    });
  }

  expired(now: number, limit: number): readonly RunLease[] {
    const rows = this.#access.read(() => this.#expired.all(now, limit)) as unknown as LeaseRow[];
    return rows.map((row) => ({
      stream: row.stream as StreamKey,
      runId: row.run_id as RunId,
      expiresAt: row.expires_at,
    }));
  }

  #insert(statement: StatementSync, leases: readonly RunLease[]): Promise<void> {
    return this.#access.write(leases.length, () => {
      for (const { stream, runId, expiresAt } of leases) statement.run(stream, runId, expiresAt);
    });
  }
}
