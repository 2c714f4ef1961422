/** Bounds of the work that one tool call may cause. */
export interface WorkspaceLimits {
  /** Files that are looked at in one walk. */
  readonly maxFiles: number;
  /** How deep folders are entered. */
  readonly maxDepth: number;
  /** Largest file that is read. */
  readonly maxFileBytes: number;
  /** Bytes read in one walk. */
  readonly maxTotalBytes: number;
}

export const DEFAULT_LIMITS: WorkspaceLimits = {
  maxFiles: 20_000,
  maxDepth: 32,
  maxFileBytes: 1_024 * 1_024,
  maxTotalBytes: 64 * 1_024 * 1_024,
};
