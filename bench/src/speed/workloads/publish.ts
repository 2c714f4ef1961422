import { API_KEY } from '../target-process.ts';
import type { TargetName } from '../targets.ts';
import type { Workload } from '../trial.ts';

const OURS: readonly TargetName[] = ['memory', 'sqlite', 'redis'];
/** The benchmark has one key, which is not to be held to what one back end may publish. */
const UNLIMITED = { WS_MAX_PUBLISH_PER_SECOND: '1000000000', WS_MAX_PUBLISH_BYTES_PER_SECOND: '1000000000' };

/** Events published over HTTP with an API key, one a request, as a back end does that is no agent in the process. */
export const PUBLISH: Workload = {
  name: 'publish',
  title: 'Publish: HTTP requests of one event with 64 under way, to 100 users',
  targets: OURS,
  figures: [
    { key: 'perSecond', title: 'publishes/s', better: 'more', compared: true },
    { key: 'cpuPerPublish', title: 'µs CPU/publish', better: 'less', digits: 1, compared: true },
    { key: 'serverShare', title: 'server CPU %', better: 'less' },
  ],
  async run(trial) {
    const { port } = await trial.startServer({ env: UNLIMITED });
    const publish = (seconds: number) =>
      trial.load({ do: 'publish', port, key: API_KEY, users: 100, atOnce: 64, seconds });
    await publish(1);
    const before = await trial.serve({ do: 'usage', collect: false });
    const { count, tookMs } = await publish(trial.seconds);
    const after = await trial.serve({ do: 'usage', collect: false });
    const cpu = after.cpuMicros - before.cpuMicros;
    return {
      perSecond: count / trial.seconds,
      cpuPerPublish: cpu / count,
      serverShare: cpu / (tookMs / 1_000) / 1e4,
    };
  },
};
