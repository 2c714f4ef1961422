// The SQLite log is not written yet.
export {};
