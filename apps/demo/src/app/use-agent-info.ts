import { useEffect, useState } from 'react';
import { fetchAgentInfo, UNKNOWN_AGENT, type AgentInfo } from '../session/agent-info.ts';

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
