// Run as a process of its own: holds two connections of a user until it is killed.
import { createHub } from '@ws/core';
import { until } from '@ws/test-support';
import { openRedisLog } from '../../src/index.ts';
import { Tab } from './tab.ts';

const [url = '', keyPrefix = ''] = process.argv.slice(2);
const hub = createHub({ log: openRedisLog({ url, keyPrefix, checkIntervalMs: 100 }) });
const tabs = [new Tab(hub, 'alice'), new Tab(hub, 'alice')];
await until(() => {
  if (tabs.some(({ ready }) => ready === undefined)) throw new Error('not connected yet');
});
console.log('connected');
setInterval(() => undefined, 1_000);
