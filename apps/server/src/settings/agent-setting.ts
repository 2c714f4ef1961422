import { inbox, webhook, type AgentElsewhere } from '@ws/server';
import { isWebSocketError, WebSocketError } from '@ws/types';
import type { SettingValues } from './table/settings-table.ts';

/** What the settings say of an agent that lives in another process. */
export interface AgentSetting {
  /** Absent: there is none, or the demo agent. */
  readonly elsewhere: AgentElsewhere | undefined;
  /** How long calls wait for it, in milliseconds. */
  readonly horizonMs: number;
}

/** Throws `INVALID_OPTION`. */
export function agentSetting(values: SettingValues): AgentSetting {
  return { elsewhere: agentElsewhere(values), horizonMs: values.WS_AGENT_HORIZON_MS };
}

function agentElsewhere(values: SettingValues): AgentElsewhere | undefined {
  const { WS_AGENT_URL: url, WS_AGENT_SECRET: secrets, WS_AGENT_INBOX, WS_AGENT_HORIZON_MS: horizonMs } = values;
  const isFetching = WS_AGENT_INBOX === 'on';
  if (url === undefined) {
    if (secrets !== undefined) throw invalid('WS_AGENT_SECRET is set without WS_AGENT_URL: there is nothing to sign');
    return isFetching ? inbox({ horizonMs }) : undefined;
  }
  if (isFetching) throw invalid('WS_AGENT_URL and WS_AGENT_INBOX are both set: choose one');
  if (secrets === undefined) throw invalid('WS_AGENT_SECRET must be set beside WS_AGENT_URL: calls are signed with it');
  try {
    return webhook({ url, secret: secrets.split(',').map((one) => one.trim()), horizonMs });
  } catch (error) {
    if (!isWebSocketError(error)) throw error;
    throw invalid(error.message.replace('webhook: url', 'WS_AGENT_URL').replace('webhook: secret', 'WS_AGENT_SECRET'));
  }
}

function invalid(message: string): WebSocketError {
  return new WebSocketError('INVALID_OPTION', message);
}
