import { claim, step, test, type Pain } from './pain.ts';

/** How the code is kept: names, imports, tests, settings. */
export const CODE: readonly Pain[] = [
  {
    number: 1,
    symptom: 'after a merge every send failed, and the report said stable',
    guarantee: 'What does not compile, is not used or is not there fails; a report holds only what its run has shown',
    proofs: [
      step('typecheck'),
      step('lint'),
      claim('tests'),
      claim('public-api'),
      test('release/pins.test.ts', 'pins the names that %s exports'),
      test(
        'packages/compat/test/legacy-manager/methods.test.ts',
        'the table has the methods of the design, no more and no fewer',
      ),
    ],
  },
  {
    number: 14,
    symptom: 'twins of one name, one async and one not: 255 wrong awaits in 83 files',
    guarantee: 'One factory, of one colour; a promise that nobody awaits does not pass, nor an await of none',
    proofs: [
      claim('lint-rules'),
      step('lint'),
      claim('one-class'),
      test(
        'packages/compat/test/compat-table.test.ts',
        '$name of $module gives the same user the same manager, another user another',
      ),
    ],
  },
  {
    number: 31,
    symptom: 'a maze of 84 modules, four homes for one name, imports in circles',
    guarantee: 'One entry for each thing; legacy paths give the very same objects; there are no cycles',
    proofs: [
      claim('imports'),
      claim('cycles'),
      claim('one-class'),
      claim('legacy-names'),
      test('release/compat.test.ts', 'is one for import and require, by every path: %s'),
    ],
  },
  {
    number: 32,
    symptom: 'names were deprecated and never removed',
    guarantee: 'A legacy name warns at each call site, says when it goes, and a project can hold itself to none',
    proofs: [
      test('packages/compat/test/deprecated-use.test.ts', 'come on first use, once for each code and call site'),
      test('packages/compat/test/table.test.ts', 'removes every name in the next major version'),
      test(
        'packages/compat/test/cli/run-command.test.ts',
        'ends with 1 where it is strict and there are some, and 0 where there are none',
      ),
      test('packages/compat/test/migration-guide.test.ts', 'they do what it says'),
    ],
  },
  {
    number: 33,
    symptom: 'tests that were commented out, empty or all mock',
    guarantee: 'Every test file has tests that ran; what was skipped is counted and named',
    proofs: [claim('test-files'), claim('tests')],
  },
  {
    number: 34,
    symptom: 'constants that contradicted one another',
    guarantee: 'A setting stands in one place, is checked at the start, and a client is told what holds',
    proofs: [
      test('packages/core/test/hub/hub-options.test.ts', 'have defaults, each of which can be replaced alone'),
      test('packages/core/test/connection/heartbeat.test.ts', 'is told to the client, and can be set'),
      test('apps/server/test/settings.test.ts', 'a wrong value is refused with a sentence that names its variable'),
      test(
        'e2e/docs/settings.test.ts',
        'has the defaults of the packages: who runs the service and who imports them get the same',
      ),
    ],
  },
];
