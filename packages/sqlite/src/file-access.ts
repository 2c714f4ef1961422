/** How parts of a log reach its file: writes are queued with the others, and both are refused once the log is closed. */
export interface FileAccess {
  /**
   * Queues a write.
   *
   * @param weight - rows it touches, about
   * @param run - does it, within the transaction; may be run again after a rollback
   */
  write<Result>(weight: number, run: () => Result): Promise<Result>;
  read<Result>(run: () => Result): Result;
}
