import { publicPackages } from '../../scripts/public-packages.mjs';
import { judge, type Claim } from '../support/claim.ts';
import { installedPackages } from '../support/installed-packages.ts';
import { runModule } from '../support/run-process.ts';
import { rounded, seeded, shuffled } from '../support/statistics.ts';

const PROCESSES = 100;

/** Imports or requires each path in turn and prints how many names each gave. */
const script = (steps: readonly { readonly specifier: string; readonly how: 'import' | 'require' }[]): string => `
  import { createRequire } from 'node:module';
  const require = createRequire(process.cwd() + '/');
  for (const { specifier, how } of ${JSON.stringify(steps)}) {
    const names = Object.keys(how === 'import' ? await import(specifier) : require(specifier));
    if (names.length === 0) throw new Error(specifier + ' is empty');
  }`;

/** The last sentence of an error, for a report. */
const gist = (stderr: string): string => /^\S*Error.*$/m.exec(stderr)?.[0] ?? stderr.slice(-200);

export const imports: Claim = {
  id: 'imports',
  claim: 'Every import path resolves: alone, in any order, in 100 processes at once',
  source: '“Import Validation & Startup Stability … verified through architectural inspection”; here each was imported',
  async run({ progress }) {
    progress('packs and installs every package');
    const folder = await installedPackages();
    const specifiers = publicPackages().flatMap(({ entries }) => entries.map(({ specifier }) => specifier));
    const wrong: string[] = [];
    for (const specifier of specifiers) {
      for (const how of ['import', 'require'] as const) {
        progress(`${how} ${specifier}`);
        const { code, stdout, stderr } = await runModule(script([{ specifier, how }]), { cwd: folder });
        if (code !== 0) wrong.push(`${how} ${specifier}: ${gist(stderr)}`);
        else if (stdout + stderr !== '') wrong.push(`${how} ${specifier} prints: ${(stdout + stderr).slice(0, 200)}`);
      }
    }
    const seed = Date.now() % 2 ** 32;
    const random = seeded(seed);
    const orders = Array.from({ length: PROCESSES }, () =>
      shuffled(specifiers, random).map((specifier) => ({
        specifier,
        how: random() < 0.5 ? ('import' as const) : ('require' as const),
      })),
    );
    progress(`${PROCESSES} processes at once, each in an order of its own`);
    const startedAt = performance.now();
    const results = await Promise.all(orders.map((order) => runModule(script(order), { cwd: folder })));
    for (const { code, stderr } of results) if (code !== 0) wrong.push(gist(stderr));
    const closed = await runModule(`await import('@ws/core/dist/index.js')`, { cwd: folder });
    if (!closed.stderr.includes('ERR_PACKAGE_PATH_NOT_EXPORTED'))
      wrong.push('a path that is not exported can be imported');
    return judge(
      wrong,
      {
        paths: specifiers.length,
        'alone, by import and by require': specifiers.length * 2,
        'processes at once': PROCESSES,
        'their duration s': rounded((performance.now() - startedAt) / 1000),
        seed,
      },
      [
        `packages installed from their tarballs, each process fresh: ${specifiers.join(', ')}`,
        'a file behind the paths cannot be imported',
      ],
    );
  },
};
