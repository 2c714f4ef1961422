export { systemClock, type AgentClock } from './clock.ts';
export type { ConversationHistory, HistoryMessage } from './conversation-history.ts';
export { modelSettingsFromEnv, type ModelSettings } from './model/index.ts';
export type { AgentRun, OpenToolCall } from './run-port.ts';
export { createWorkspaceAgent, type WorkspaceAgent, type WorkspaceAgentOptions } from './workspace-agent.ts';
