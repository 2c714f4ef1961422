import { expect, it } from 'vitest';
import { publicPackages } from '../scripts/public-packages.mjs';
import { CLI_PINS } from './pins/cli.ts';
import { CLIENT_PINS } from './pins/client.ts';
import { COMPAT_PINS } from './pins/compat.ts';
import { CONFORMANCE_PINS } from './pins/conformance.ts';
import { CORE_PINS } from './pins/core.ts';
import { ESLINT_PLUGIN_PINS } from './pins/eslint-plugin.ts';
import { NATS_PINS } from './pins/nats.ts';
import { REACT_PINS } from './pins/react.ts';
import { REDIS_PINS } from './pins/redis.ts';
import { SERVER_PINS } from './pins/server.ts';
import { SQLITE_PINS } from './pins/sqlite.ts';
import { TYPES_PINS } from './pins/types.ts';
import { exportedNames } from './support/exported-names.ts';

// What others rely on, as literals. A red pin means: a deliberate change. Change the pin, add a changeset, say it in the
// migration guide.
const PINS = {
  '@ws/cli': CLI_PINS,
  '@ws/client': CLIENT_PINS,
  '@ws/compat': COMPAT_PINS,
  '@ws/conformance': CONFORMANCE_PINS,
  '@ws/core': CORE_PINS,
  '@ws/eslint-plugin': ESLINT_PLUGIN_PINS,
  '@ws/nats': NATS_PINS,
  '@ws/react': REACT_PINS,
  '@ws/redis': REDIS_PINS,
  '@ws/server': SERVER_PINS,
  '@ws/sqlite': SQLITE_PINS,
  '@ws/types': TYPES_PINS,
};

const packages = publicPackages();

it('pins the packages that are published', () => {
  expect(packages.map(({ name }) => name)).toEqual(Object.keys(PINS));
});

it('pins the paths of each package', () => {
  const paths = Object.fromEntries(packages.map(({ name, exports }) => [name, exports]));
  const pinned = Object.entries(PINS).map(([name, pins]) => [name, [...Object.keys(pins), './package.json']]);
  expect(paths).toEqual(Object.fromEntries(pinned));
});

const names = exportedNames(packages.flatMap(({ entries }) => entries.map(({ source }) => source)));

it.each(Object.entries(PINS))('pins the names that %s exports', (name, pins) => {
  const entries = packages.find((found) => found.name === name)?.entries ?? [];
  const sorted = (list: readonly string[]): readonly string[] => [...list].sort();
  const pinned = Object.entries<readonly string[]>(pins).map(([path, list]) => [path, sorted(list)]);
  const exported = entries.map(({ path, source }) => [path, sorted(names.get(source) ?? [])]);
  expect(Object.fromEntries(exported)).toEqual(Object.fromEntries(pinned));
});
