import { judge, type Claim } from '../support/claim.ts';
import { fiftyUsers } from '../support/fifty-users.ts';
import { publish } from '../support/http.ts';
import { makeTempFolder } from '../support/places.ts';
import { wholeRun } from '../support/runs.ts';
import { Server } from '../support/server.ts';

/** Names that a typing error makes of those of the protocol. */
const NEAR_MISSES = [
  'agent_stared',
  'agnt_started',
  'agent_start',
  'Agent_started',
  'agent_thinkin',
  'agent_thinkng',
  'tool_excuting',
  'tool_complete',
  'agent_complete',
  'agent_completd',
  'agent-completed',
];

/** Orders that no run may have. */
const WRONG_ORDERS: readonly (readonly [name: string, steps: readonly number[]])[] = [
  ['an event before agent_started', [1]],
  ['agent_started twice', [0, 0]],
  ['a tool result without its call', [0, 3]],
  ['a tool result twice', [0, 2, 3, 3]],
  ['agent_completed while a tool works', [0, 2, 4]],
  ['an event after agent_completed', [0, 1, 2, 3, 4, 1]],
];

export const eventOrder: Claim = {
  id: 'event-order',
  claim: 'Every run arrives in order; wrong orders and names that are nearly right are refused, never guessed',
  source:
    'Asked for by the tests of the first system: started first, tools in pairs, completed last, near misses refused',
  async run() {
    const { runs, orderFaults } = await fiftyUsers();
    using folder = makeTempFolder();
    await using server = await Server.start({ folder: folder.path });
    const wrong = [...orderFaults];
    const seen: string[] = [];
    for (const type of NEAR_MISSES) {
      const { status, code } = await publish(server.url, 'alice', [
        { type, run_id: 'r', payload: { agent_name: 'a' } },
      ]);
      seen.push(`${type} → ${status} ${code}`);
      if (status !== 422 || code !== 'UNKNOWN_EVENT_TYPE') wrong.push(`${type}: ${status} ${code}`);
    }
    for (const [n, [name, steps]] of WRONG_ORDERS.entries()) {
      const events = wholeRun(`wrong-${n}`);
      let last: Awaited<ReturnType<typeof publish>> | undefined;
      for (const step of steps) last = await publish(server.url, 'alice', [events[step]]);
      seen.push(`${name} → ${last?.status} ${last?.code}`);
      if (last?.status !== 409) wrong.push(`${name}: ${last?.status} ${last?.code}`);
    }
    return judge(
      wrong,
      {
        'runs that arrived in order': runs,
        'near misses refused': NEAR_MISSES.length,
        'wrong orders': WRONG_ORDERS.length,
      },
      seen,
    );
  },
};
