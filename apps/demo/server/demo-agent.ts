import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { HistoryPage, UnifiedWebSocketManager, UserMessageHandler } from '@ws/core';
import { WebSocketError, type NumberedEvent } from '@ws/types';
import type { Environment } from '@ws/service';
import { createWorkspaceAgent, modelSettingsFromEnv, type ConversationHistory } from './agent/index.ts';

const EXAMPLES = [
  'Where is the manager factory defined?',
  'How many lines of tests are there?',
  'What is this project?',
  'Where is the tail ring defined?',
  'How many lines of tests are there? Ask me first.',
  'What is this project? Answer slowly.',
];

/** Messages of the thread that are told to the agent, newest last. */
const MAX_HISTORY_EVENTS = 1_000;

/** What the page shows of its agent. */
export interface AgentInfo {
  readonly name: string;
  readonly kind: 'rule-based' | 'model';
  readonly workspace: string;
  readonly examples: readonly string[];
}

/** The demo agent as the hub sees it. */
export interface DemoAgent {
  readonly info: AgentInfo;
  readonly onUserMessage: UserMessageHandler;
}

/** Makes the agent that answers questions about the files in `folder`. Throws `INVALID_OPTION` if it is no folder. */
export function createDemoAgent(folder: string, env: Environment): DemoAgent {
  const root = resolve(folder);
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new WebSocketError('INVALID_OPTION', `--workspace ${folder} is not a folder`);
  }
  const agent = createWorkspaceAgent({ root, model: modelSettingsFromEnv(env) });
  return {
    info: { name: agent.name, kind: agent.kind, workspace: basename(root), examples: EXAMPLES },
    onUserMessage: async ({ text, threadId, runId, messageId, manager }) => {
      const history = await conversation(manager, threadId, messageId);
      await using run = await manager.startRun({ agentName: agent.name, task: text, threadId, runId });
      await agent.answer(text, run, history);
    },
  };
}

/** What was said in the thread before, from the user's own stream. */
async function conversation(
  manager: UnifiedWebSocketManager,
  threadId: string,
  currentMessage: string,
): Promise<ConversationHistory> {
  const { offset } = await manager.position();
  const events: NumberedEvent[] = [];
  for (let after: number | undefined = Math.max(0, offset - MAX_HISTORY_EVENTS); after !== undefined;) {
    const page: HistoryPage = await manager.history({ after, limit: MAX_HISTORY_EVENTS, threads: [threadId] });
    events.push(...page.events);
    after = page.nextAfter;
  }
  return events.flatMap(({ type, thread_id, payload }): ConversationHistory => {
    if (thread_id !== threadId) return [];
    const { message_id, text, final_response } = payload;
    if (type === 'user_message' && message_id !== currentMessage && typeof text === 'string') {
      return [{ role: 'user', content: text }];
    }
    if (type === 'agent_completed' && typeof final_response === 'string') {
      return [{ role: 'assistant', content: final_response }];
    }
    return [];
  });
}
