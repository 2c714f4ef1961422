// This project's service, as `pnpm start` runs it: credentials, run order, log, resume and backpressure on. Its settings come
// from the environment; agents emit in its process.
import type { Run } from '@ws/core';
import { startService } from '@ws/service/service';
import { readSettings } from '@ws/service/settings';
import { threadOf, userOf } from './agent-event.ts';
import { serveTarget } from './serve-target.ts';
import { targetOptions } from './server-under-test.ts';

const HIDDEN_DELTA = 'seen by nobody';

await serveTarget(async () => {
  const { port } = targetOptions();
  const settings = readSettings({ ...process.env, WS_PORT: String(port) });
  const service = await startService({ settings, pageFolder: '' });
  /** A run of each user in another thread, which emits an event each time: there are holes in the offsets of one thread. */
  const hidden: Run[] = [];
  const runs: Run[] = [];
  const runFor = async (user: number): Promise<void> => {
    const manager = service.hub.manager({ userId: userOf(user) });
    runs[user] = await manager.startRun({ agentName: 'bench', threadId: threadOf(user) });
    if (process.env['HIDDEN'] !== undefined) {
      hidden[user] = await manager.startRun({ agentName: 'bench', threadId: `hidden-${user}` });
    }
  };
  return {
    port: Number(new URL(service.url).port),
    async prepare(users) {
      const wanted = Array.from({ length: users }, (_, user) => user).filter((user) => runs[user] === undefined);
      await Promise.all(wanted.map(runFor));
    },
    emit(user, deltas) {
      const run = runs[user];
      if (run === undefined) throw new Error(`user ${user} was not prepared`);
      void hidden[user]?.think(HIDDEN_DELTA);
      const [only] = deltas;
      if (deltas.length === 1 && only !== undefined) return run.think(only);
      return Promise.all(deltas.map((delta) => run.think(delta)));
    },
    close: () => service.close(),
  };
});
