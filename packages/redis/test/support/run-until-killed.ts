// Run as a process of its own: starts an agent run on a hub, tells its id, and keeps its lease until it is killed.
import { createHub } from '@ws/core';
import { openRedisLog } from '../../src/index.ts';

const [url = '', keyPrefix = ''] = process.argv.slice(2);
const hub = createHub({ log: openRedisLog({ url, keyPrefix }), tuning: { runLeaseMs: 600 } });
const run = await hub.manager({ userId: 'alice' }).startRun({ agentName: 'analyst' });
await run.think('I will be gone soon.');
console.log(run.runId);
setInterval(() => undefined, 1_000);
