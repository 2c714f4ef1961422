import { useEffect, useState } from 'react';

/** What the server says of the agent that answers. */
export interface AgentInfo {
  readonly name: string;
  readonly kind: 'rule-based' | 'model' | null;
  readonly workspace: string | null;
  readonly examples: readonly string[];
}

/** Shown until the server answers, and where it has nothing to say. */
export const UNKNOWN_AGENT: AgentInfo = {
  name: 'Agent',
  kind: null,
  workspace: null,
  examples: [
    'Where is the manager factory defined?',
    'How does a client resume after a break?',
    'Which close codes make a client reconnect?',
  ],
};

export function useAgentInfo(): AgentInfo {
  const [info, setInfo] = useState(UNKNOWN_AGENT);
  useEffect(() => {
    const stop = new AbortController();
    fetchAgentInfo(stop.signal).then(setInfo, () => {
      // The page works without it: the connection panel tells of a server that is away.
    });
    return () => stop.abort();
  }, []);
  return info;
}

async function fetchAgentInfo(signal: AbortSignal): Promise<AgentInfo> {
  const response = await fetch('/dev/agent', { signal });
  if (!response.ok) return UNKNOWN_AGENT;
  return readAgentInfo(await response.json());
}

export function readAgentInfo(body: unknown): AgentInfo {
  if (typeof body !== 'object' || body === null) return UNKNOWN_AGENT;
  const { name, kind, workspace, examples } = body as { readonly [Name in keyof AgentInfo]?: unknown };
  const questions = Array.isArray(examples) ? examples.filter((example) => typeof example === 'string') : [];
  return {
    name: typeof name === 'string' && name !== '' ? name : UNKNOWN_AGENT.name,
    kind: kind === 'rule-based' || kind === 'model' ? kind : null,
    workspace: typeof workspace === 'string' && workspace !== '' ? workspace : null,
    examples: questions.length > 0 ? questions : UNKNOWN_AGENT.examples,
  };
}
