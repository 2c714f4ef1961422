import { judge, type Claim } from '../support/claim.ts';
import { callsOfSources } from '../support/calls.ts';

/** What holds up the whole process until it is done. */
const BLOCKING = ['Atomics.wait', 'execSync', 'execFileSync', 'spawnSync'];

/** What serves users: all but the command of `@ws/compat`, which runs alone, and the suite that others test with. */
const SERVING = '{packages/{types,core,client,redis,nats,sqlite},apps/server}/src/**/*.ts';

/** Asked once, when a log is opened, on a system that has no file that says it. */
const ONCE_AT_START = 'packages/sqlite/src/boot-id.ts';

export const noBlocking: Claim = {
  id: 'no-blocking',
  claim: 'Nothing that serves users waits by holding up the process, and the core waits by its clock alone',
  source: '“No performance impact detected”, of a system that slept for 1.2 s in its handlers',
  async run() {
    const calls = callsOfSources(SERVING);
    const blocking = calls.filter(({ callee, file }) => BLOCKING.includes(callee) && file !== ONCE_AT_START);
    const timers = calls.filter(
      ({ callee, file }) =>
        /^(setTimeout|setInterval)$/.test(callee) &&
        /^packages\/(core|client)\//.test(file) &&
        !file.endsWith('/clock.ts'),
    );
    const wrong = [...blocking, ...timers].map(({ callee, file, line }) => `${callee} in ${file}:${line}`);
    return judge(wrong, { 'files looked at': new Set(calls.map(({ file }) => file)).size, calls: calls.length }, [
      `by the syntax tree of ${SERVING}: no ${BLOCKING.join(', ')}; but once, when a log is opened, in ${ONCE_AT_START}`,
      'timers of core and client are in clock.ts alone',
    ]);
  },
};
