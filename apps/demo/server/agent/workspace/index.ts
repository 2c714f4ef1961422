export { WorkspaceError } from './errors.ts';
export type { WorkspaceLimits } from './limits.ts';
export { SkipLog, type SkipReport } from './skip-log.ts';
export { Workspace, type Selection } from './workspace.ts';
