import { createHub, getWebSocketManager, UnifiedWebSocketManager } from '@ws/core';
import { isWebSocketError } from '@ws/types';
import { judge, type Claim } from '../support/claim.ts';
import { fiftyUsers } from '../support/fifty-users.ts';
import { attackOverTheWire } from '../support/wire-attacks.ts';

declare module '@ws/types' {
  interface ApplicationEvents {
    'verify.mark': { readonly owner: string };
  }
}

const USERS = 50;

/** The code of the error that a call throws, at once or later. */
async function codeOf(call: () => unknown): Promise<string> {
  try {
    await call();
    return 'taken';
  } catch (error) {
    return isWebSocketError(error) ? error.code : String(error);
  }
}

/** Ids that look like another user's, or like something of the language. */
const LOOKALIKES = [
  'user-1',
  'User-1',
  'user-1:',
  'user-1/',
  'user-10',
  '__proto__',
  'constructor',
  'user%2D1',
  'uѕer-1',
];

async function inOneProcess(): Promise<{ readonly wrong: readonly string[]; readonly attempts: number }> {
  const wrong: string[] = [];
  const hub = createHub();
  const managerOf = (userId: string) => getWebSocketManager({ userId }, hub);
  const managers = Array.from({ length: USERS }, (_, n) => managerOf(`user-${n}`));
  if (new Set(managers).size !== USERS) wrong.push('two users share a manager');
  if (managers.some((manager, n) => manager !== managerOf(`user-${n}`))) wrong.push('a user has two managers');
  if (managers.some((manager) => !(manager instanceof UnifiedWebSocketManager)))
    wrong.push('a manager of another class');

  const lookalikes = new Map<unknown, string>();
  for (const userId of LOOKALIKES) {
    const code = await codeOf(() => lookalikes.set(managerOf(userId), userId));
    if (code !== 'taken' && code !== 'INVALID_USER_ID') wrong.push(`user ${userId}: ${code}`);
  }
  const accepted = [...lookalikes.values()];
  await Promise.all(
    accepted.map((userId) => managerOf(userId).emit({ type: 'verify.mark', payload: { owner: userId } })),
  );
  for (const userId of accepted) {
    const { events } = await managerOf(userId).history();
    const foreign = events.filter(({ payload }) => (payload as { owner?: string }).owner !== userId);
    if (foreign.length > 0 || events.length !== 1) wrong.push(`${userId} sees what is not its own`);
  }

  const [first, second] = managers;
  const contexts: readonly unknown[] = [undefined, null, {}, { userId: '' }, { userId: 7 }, { userId: ['user-1'] }];
  for (const context of contexts) {
    const code = await codeOf(() => getWebSocketManager(context as { userId: string }, hub));
    if (!['USER_CONTEXT_REQUIRED', 'INVALID_USER_ID'].includes(code)) wrong.push(`${JSON.stringify(context)}: ${code}`);
  }
  const forged = { type: 'verify.mark' as const, user_id: 'user-1', payload: { owner: 'user-1' } };
  const envelope = await codeOf(() => first?.emit(forged));
  if (envelope === 'taken') wrong.push('an event may name another user in its envelope');
  await second?.emit({ type: 'agent_started', run_id: 'shared', payload: { agent_name: 'a' } });
  const cancelled = await codeOf(() => first?.cancelRun('shared'));
  if (cancelled !== 'RUN_NOT_OPEN') wrong.push(`cancelling another user's run: ${cancelled}`);
  const reading = await first?.history();
  if (reading?.events.length !== 0) wrong.push('a user sees the events of another');
  await hub.close();
  return { wrong, attempts: LOOKALIKES.length + contexts.length + 3 };
}

export const isolation: Claim = {
  id: 'isolation',
  claim: 'The factory isolates users: no attempt leads to the events of another',
  source: '“User isolation: Factory pattern maintains per-user context isolation”',
  async run({ progress }) {
    progress(`${USERS} users in one process`);
    const inside = await inOneProcess();
    progress('attacks over HTTP and WebSocket');
    const outside = await attackOverTheWire();
    progress(`${USERS} users at once on the server`);
    const { foreignEvents, receivedEvents } = await fiftyUsers();
    const wrong = [...inside.wrong, ...outside.filter(({ ok }) => !ok).map(({ name, answer }) => `${name}: ${answer}`)];
    if (foreignEvents > 0) wrong.push(`${foreignEvents} events reached another user`);
    return judge(
      wrong,
      {
        users: USERS,
        'attempts in the process': inside.attempts,
        'attempts over the wire': outside.length,
        'events received': receivedEvents,
        'foreign events': foreignEvents,
      },
      [
        'same user, same manager; other user, other manager; ids that look alike; contexts without a user; forged envelopes',
        ...outside.map(({ name, answer }) => `${name} → ${answer}`),
      ],
    );
  },
};
