export type { AgentClock } from './clock.ts';
export type { ConversationHistory } from './conversation-history.ts';
export { modelSettingsFromEnv, type ModelSettings } from './model/index.ts';
export type { AgentRun } from './run-port.ts';
export { createWorkspaceAgent } from './workspace-agent.ts';
