import { TARGET_NAMES } from '../targets.ts';
import type { Workload } from '../trial.ts';

/** Connections opened, answered and cut: this project checks a JWT and answers `hello`, Socket.IO answers its connect packet. */
export const CONNECT: Workload = {
  name: 'connect',
  title: 'Connect: handshakes with 64 under way, until the first answer of the protocol',
  targets: TARGET_NAMES,
  figures: [
    { key: 'perSecond', title: 'connections/s', better: 'more', compared: true },
    { key: 'cpuPerConnection', title: 'µs CPU/connection', better: 'less', digits: 1, compared: true },
    { key: 'serverShare', title: 'server CPU %', better: 'less' },
    { key: 'loadShare', title: 'load CPU %', better: 'less' },
  ],
  async run(trial) {
    await trial.startServer();
    const users = trial.scaled(2_000);
    const audience = trial.audience(users, users);
    const shake = (seconds: number) => trial.load({ do: 'handshakes', audience, atOnce: 64, seconds });
    const from = await shake(1);
    const before = await trial.serve({ do: 'usage', collect: false });
    const { count, tookMs, cpuMicros } = await shake(trial.seconds);
    const after = await trial.serve({ do: 'usage', collect: false });
    const seconds = tookMs / 1_000;
    const cpu = after.cpuMicros - before.cpuMicros;
    return {
      perSecond: count / trial.seconds,
      cpuPerConnection: cpu / count,
      serverShare: cpu / seconds / 1e4,
      loadShare: (cpuMicros - from.cpuMicros) / seconds / 1e4,
    };
  },
};
