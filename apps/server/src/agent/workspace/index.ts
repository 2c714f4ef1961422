export { WorkspaceError, type WorkspaceErrorCode } from './errors.ts';
export { DEFAULT_LIMITS, type WorkspaceLimits } from './limits.ts';
export { SkipLog, type SkipReport } from './skip-log.ts';
export type { WorkspaceFile } from './walk.ts';
export { Workspace, type Selection, type TextFile } from './workspace.ts';
