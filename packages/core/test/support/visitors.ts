import type { EventInput } from '@ws/types';
import type { Hub, UnifiedWebSocketManager } from '../../src/index.ts';
import { FakeSocket, type FakeClock } from '../../src/testing.ts';

/** What a user still holds when it has been served. */
export interface Stay {
  /** Closes the tabs, but not those that vanish without a word. */
  readonly leave: () => void;
}

/** Ways to come and go. Users take turns: the n-th is of kind `n % USER_KINDS`. */
export const USER_KINDS = 10;

/** A user comes, is told of one run with the five events, and stays until told to leave. */
export async function visit(hub: Hub, clock: FakeClock, n: number): Promise<Stay> {
  const userId = `user-${n}`;
  const manager = hub.manager({ userId });
  const open = (hello: object | null = {}): FakeSocket => {
    const socket = FakeSocket.open((it) => hub.accept(it, { authentication: { userId } }));
    if (hello !== null) socket.say({ type: 'hello', ...hello });
    return socket;
  };
  const staysFor = (...sockets: readonly FakeSocket[]): Stay => ({
    leave: () => sockets.forEach((socket) => socket.cut()),
  });

  switch (n % USER_KINDS) {
    case 1: {
      // Two tabs, one of them for one thread.
      const tabs = [open(), open({ threads: ['t1'], batch: true })];
      await agentRun(manager);
      return staysFor(...tabs);
    }
    case 2:
      // Nobody is there.
      await agentRun(manager);
      return staysFor();
    case 3: {
      // The tab goes in the middle of the run, and comes back.
      const tab = open();
      const run = agentRun(manager);
      tab.cut();
      await run;
      return staysFor(open());
    }
    case 4: {
      // One socket never says hello and is left behind: the hello timeout ends it.
      open(null);
      await agentRun(manager);
      return staysFor();
    }
    case 5: {
      // The peer falls silent without a close: the heartbeat ends it.
      open();
      await agentRun(manager);
      return staysFor();
    }
    case 6: {
      // Published from outside.
      const tab = open();
      await manager.emitAll(publishedRun());
      return staysFor(tab);
    }
    case 7:
      // Published from outside, and its publisher dies: the lease ends the run.
      await manager.emitAll(publishedRun().slice(0, 3));
      return staysFor();
    case 8: {
      // The user writes, an approval is asked for and lapses, an emit waits for an acknowledgement that never comes.
      const tab = open();
      await clock.settle();
      tab.say({ type: 'user_message', message_id: `m-${n}`, payload: { text: 'Hello' } });
      const run = await manager.startRun({ agentName: 'agent' });
      void run.requestApproval({ toolName: 'delete', args: {}, timeoutMs: 1_000 }).then(() => run.complete());
      const chunk = { type: 'agent_response_chunk', run_id: run.runId, payload: { delta: 'May I?' } } as const;
      void manager.emit(chunk, { confirm: { timeoutMs: 1_000 } });
      return staysFor(tab);
    }
    case 9: {
      // The run is cancelled, and its agent does not care.
      const tab = open();
      const run = await manager.startRun({ agentName: 'agent' });
      await manager.cancelRun(run.runId);
      return staysFor(tab);
    }
    default: {
      const tab = open();
      await agentRun(manager);
      return staysFor(tab);
    }
  }
}

async function agentRun(manager: UnifiedWebSocketManager): Promise<void> {
  const run = await manager.startRun({ agentName: 'analyst', threadId: 't1', task: 'count' });
  await run.think('Look');
  await run.tool('count_lines', { path: 'a.ts' }, () => ({ lines: 3 }));
  await run.complete({ finalResponse: 'three' });
}

function publishedRun(): EventInput[] {
  const run_id = 'r1';
  const call = { tool_call_id: 'c1', tool_name: 'count_lines' };
  return [
    { type: 'agent_started', run_id, payload: { agent_name: 'analyst' } },
    { type: 'agent_thinking', run_id, payload: { delta: 'Look' } },
    { type: 'tool_executing', run_id, payload: { ...call, args: {} } },
    { type: 'tool_completed', run_id, payload: { ...call, success: true, result: 3, duration_ms: 5 } },
    { type: 'agent_completed', run_id, payload: { status: 'completed', duration_ms: 9 } },
  ];
}
