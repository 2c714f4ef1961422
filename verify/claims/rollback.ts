import { judge, type Claim } from '../support/claim.ts';
import { follow } from '../support/follow.ts';
import { publish } from '../support/http.ts';
import { makeTempFolder } from '../support/places.ts';
import { previousVersion, THIS_VERSION } from '../support/previous-version.ts';
import { wholeRun } from '../support/runs.ts';
import { Server } from '../support/server.ts';
import { testsOf } from '../support/test-run.ts';

const REHEARSAL = 'release/rehearsal.test.ts';

/** Steps of the release rehearsal, in which two versions meet that differ in a name alone. */
const REHEARSED = [
  'a client of the version before works with a server of the new version, and on what the server before wrote',
  'a server of the version before takes over the log of the new version: a rollback',
];

export const rollback: Claim = {
  id: 'rollback',
  claim: 'The version before works with today’s server and client, each takes over the log of the other',
  source: '“Rollback Capability: Changes can be reverted if needed”',
  async run({ tests: { tests }, previous: revision, progress }) {
    const rehearsed = testsOf(tests, REHEARSAL).filter(({ name }) => REHEARSED.some((title) => name.endsWith(title)));
    const evidence = rehearsed.map(({ name, status }) => `release rehearsal: ${name}: ${status}`);
    const wrong = rehearsed.filter(({ status }) => status !== 'passed').map(({ name }) => name);
    if (rehearsed.length < REHEARSED.length) wrong.push('steps of the release rehearsal did not run');
    if (wrong.length > 0) return judge(wrong, {}, evidence);
    if (revision === undefined) {
      const reason =
        'there is no release yet, so no version before this one; two versions worked together in the rehearsal';
      return { verdict: 'open', figures: { 'steps of the rehearsal': rehearsed.length }, evidence, reason };
    }

    progress(`builds ${revision}`);
    const previous = await previousVersion(revision);
    using folder = makeTempFolder();
    let expected: readonly string[] = [];
    // Forwards, and back: each server begins with the log that the other one left.
    for (const version of [previous, THIS_VERSION, previous, THIS_VERSION]) {
      progress(`a server of ${version.name} on what there is: ${expected.length} events`);
      await using server = await Server.start({ folder: folder.path, main: version.server });
      const run = wholeRun(`run-${expected.length}`);
      const answer = await publish(server.url, 'alice', run);
      if (answer.status !== 200)
        wrong.push(`a server of ${version.name} refused a run: ${answer.status} ${answer.code}`);
      const from = expected.length + 1;
      expected = [...expected, ...run.map(({ type }, n) => `${from + n} ${type}`)];
      for (const client of [previous, THIS_VERSION]) {
        const seen = await follow(client.client, server.url, 'alice', expected.length);
        const pair = `client of ${client.name}, server of ${version.name}`;
        evidence.push(`${pair}: ${seen.length} events`);
        if (seen.join() !== expected.join()) wrong.push(`${pair}: ${seen.join(', ')}`);
      }
      // As a deployment ends it; the next one finds the file as it was left.
      await server.kill('SIGTERM');
    }
    return judge(wrong, { 'version before': revision, 'changes of version': 3, events: expected.length }, evidence);
  },
};
