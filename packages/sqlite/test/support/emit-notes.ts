// Run as a process of its own: emits events through a hub on the file, then starts a run and stays until it is killed.
import { createHub } from '@ws/core';
import { openSqliteLog } from '../../src/index.ts';

const [path = '', name = '', count = '0'] = process.argv.slice(2);
const hub = createHub({ log: openSqliteLog({ path }), tuning: { runLeaseMs: 500 } });
const manager = hub.manager({ userId: 'alice' });
for (let n = 0; n < Number(count); n += 1) {
  const id = `${name}-${n}`;
  await manager.emit({ type: 'user_message', event_id: id, payload: { message_id: id, text: 'hello' } });
}
const run = await manager.startRun({ agentName: name });
console.log(run.runId);
setInterval(() => undefined, 1_000);
