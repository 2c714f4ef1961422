import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HonestUser } from './honest-user.ts';
import { Target, type Held, type Way } from './target.ts';

/** One row of the table of attacks. */
export interface Attack {
  readonly name: string;
  /** Sees to what the attack needs, before anything is measured. */
  readonly prepare?: (target: Target) => Promise<void>;
  /** What of the host, or of the service alone, it attacks, so that it is not tried where the server is attached. */
  readonly leftToHost?: LeftToHost;
  /** Whether it lasts long enough to measure the honest user's delivery, whose median may at most double. */
  readonly isMeasured?: true;
  /**
   * Attacks, and sees how it is answered or cut off. What it opened is closed when it returns.
   *
   * @param atRest - what the server holds when nobody but the honest user is there
   */
  readonly run: (target: Target, atRest: Held) => Promise<void>;
}

/**
 * What an application guards on whose server this one is attached, with the options of Node: `headersTimeout` and `requestTimeout`,
 * `setTimeout`, `maxConnections`. Pages and the demo are the service's alone.
 */
type LeftToHost = 'slow heads and bodies' | 'unread answers' | 'sockets of an address' | 'pages and demo';

/** What memory may have grown by when all attacks of a table are over: a collector is in no hurry. */
const MAX_GROWTH_BYTES = 224 * 1_024 * 1_024;

/**
 * Whether nothing else runs on this machine, so that times say something: the median of the honest user's delivery may then at most
 * double. Where tests run beside each other the attack has to be survived, event by event, and its times are printed.
 */
const IS_QUIET = process.env['WS_QUIET_MACHINE'] === '1';
/** A delivery that takes less than this may take twice as much, in milliseconds. */
const LEAST_CALM_MS = 5;

/**
 * Runs each attack of a table with an honest user beside it: against the service, and against a server that is attached to one of an
 * application, but for what is left to that.
 *
 * @param descriptors - how many the server may have open; default: what the tests may
 */
export function underAttack(
  title: string,
  env: Readonly<Record<string, string>>,
  attacks: readonly Attack[],
  descriptors?: number,
): void {
  attackedBy('listen', title, env, attacks, descriptors);
  const others = attacks.filter(({ leftToHost }) => leftToHost === undefined);
  if (others.length > 0) attackedBy('attach', `${title}, attached to an application`, env, others, descriptors);
}

function attackedBy(
  way: Way,
  title: string,
  env: Readonly<Record<string, string>>,
  attacks: readonly Attack[],
  descriptors: number | undefined,
): void {
  describe(title, { timeout: 60_000 }, () => {
    let target: Target;
    let honest: HonestUser;
    let atRest: Held;

    beforeAll(async () => {
      target = await Target.start(way, env, descriptors);
      honest = await HonestUser.connect(target);
      atRest = await target.held();
    }, 60_000);
    afterAll(async () => {
      await honest.leave();
      await target[Symbol.asyncDispose]();
    });

    it.each(attacks)('$name', async ({ name, prepare, isMeasured, run }) => {
      await prepare?.(target);
      const calm = isMeasured === true ? await honest.calmMedian() : 0;
      const median = await honest.isServedDuring(run(target, atRest));
      if (isMeasured === true) {
        const times = `${name}: delivery takes ${median.toFixed(1)} ms, and ${calm.toFixed(1)} ms without an attack`;
        if (IS_QUIET) expect(median, times).toBeLessThanOrEqual(2 * Math.max(calm, LEAST_CALM_MS));
        else console.log(times);
      }
      // Nothing stays: no connection but that of the honest user, no socket, no run, no mode of trouble.
      await expect
        .poll(async () => left(await target.held(), atRest), { timeout: 15_000, interval: 100 })
        .toEqual({ connections: 1, unauthenticated: 0, moreSockets: false, openRuns: 0, isUnified: true });
    });

    it('memory has come back', async () => {
      const { residentBytes } = await target.held();
      expect(residentBytes - atRest.residentBytes).toBeLessThan(MAX_GROWTH_BYTES);
    });
  });
}

function left(held: Held, { sockets }: Held): object {
  const { connections, unauthenticated, openRuns, isUnified } = held;
  return { connections, unauthenticated, moreSockets: held.sockets > sockets, openRuns, isUnified };
}
