import { judge, type Claim } from '../support/claim.ts';
import { previousVersion, THIS_VERSION } from '../support/previous-version.ts';
import { loadServer } from '../support/server-load.ts';
import { median, rounded } from '../support/statistics.ts';

const ROUNDS = 5;

/** A ratio within a fifth shows no difference on a machine that does something else as well. */
const LIMIT = 1.25;

export const performanceRatio: Claim = {
  id: 'performance',
  claim: `An event costs the server at most ${LIMIT} times what it cost the last release, measured in turns`,
  source: '“No performance impact detected from aliasing”, without a measurement',
  async run({ previous: revision, progress }) {
    if (revision === undefined) {
      const reason = 'there is no release yet, so no version to be measured beside this one';
      return { verdict: 'open', figures: {}, evidence: [], reason };
    }
    progress(`builds ${revision}`);
    const previous = await previousVersion(revision);
    const rounds: { readonly before: number; readonly now: number }[] = [];
    let events = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      // Whoever is first in one round is second in the next.
      const order = round % 2 === 0 ? [previous, THIS_VERSION] : [THIS_VERSION, previous];
      const cost = new Map<unknown, number>();
      for (const version of order) {
        const figures = await loadServer(version.server);
        events = figures.events;
        cost.set(version, figures.microsecondsPerEvent);
      }
      const [before = Number.NaN, now = Number.NaN] = [cost.get(previous), cost.get(THIS_VERSION)];
      rounds.push({ before, now });
      progress(`round ${round + 1} of ${ROUNDS}: ${before.toFixed(1)} µs before, ${now.toFixed(1)} µs now`);
    }
    const ratio = median(rounds.map(({ before, now }) => now / before));
    return judge(
      ratio <= LIMIT ? [] : [`an event costs ${rounded(ratio, 2)} times as much`],
      {
        'version before': revision,
        ratio: rounded(ratio, 2),
        'µs of CPU per event before, median': rounded(median(rounds.map(({ before }) => before))),
        'µs of CPU per event now, median': rounded(median(rounds.map(({ now }) => now))),
        'events per round and version': events,
      },
      [
        'each version in a process of its own, in turns; published over HTTP, delivered one by one over WebSocket, log in memory',
        ...rounds.map(({ before, now }, n) => `round ${n + 1}: ${rounded(before)} µs before, ${rounded(now)} µs now`),
      ],
    );
  },
};
