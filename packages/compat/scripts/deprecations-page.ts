import { DEPRECATIONS, MOVED_NAMES, type Deprecation } from '../src/deprecations.ts';
import { snakeCase } from '../src/snake-case.ts';
import { EMITTER_METHODS } from '../src/table/emitter-methods.ts';

const HEAD = `# Deprecations

<!-- Written by packages/compat/scripts/generate.ts from the table of deprecations in packages/compat/src. -->

Every legacy name that \`@ws/compat\` carries, with its permanent code, what replaces it, and the version that removes it. The same
table drives the exports of the package, its warnings, the scanner and the codemod (\`npx @ws/compat scan\`, \`npx @ws/compat migrate\`)
and the rule \`no-deprecated-names\` of \`@ws/eslint-plugin\`. [docs/migration.md](docs/migration.md) has the steps of a migration.

## Policy

- A code is permanent: it is never given to another name, also after the name is gone.
- A name is deprecated in a minor version at the latest, and removed in a major version only: the one its row says. Until then it
  works, in every minor and patch.
- A removal is announced in three places that can't be missed: the warning of the name, its row here, and the changeset of the
  major version. The row stays here, under "Removed", with the version that removed it.
- The version of a row is never made earlier. It may be made later, with a changeset that says why.
- A name may go when nobody uses it: \`getDeprecationUsage()\` and \`onDeprecatedUse()\` count uses by code in a running process,
  \`npx @ws/compat scan --strict\` holds a code base to none.
- After \`2.0.0\` the package is no longer part of the release group. Its last version 1 stays installable and works with the
  packages of version 1.
`;

/** The text of DEPRECATIONS.md. */
export function deprecationsPage(): string {
  const methods = DEPRECATIONS.filter(({ kind }) => kind === 'method');
  const isOfEmitter = ({ name }: Deprecation): boolean => name in EMITTER_METHODS;
  const of = (...kinds: readonly string[]): readonly Deprecation[] =>
    DEPRECATIONS.filter(({ kind }) => kinds.includes(kind));
  return [
    HEAD,
    '## Names',
    '',
    "A class alias and a value can't tell that they are used: they are marked `@deprecated`, and never warn.",
    '',
    ...namesTable(of('class', 'function', 'value').filter(({ code }) => code < 'WSDEP200')),
    '',
    '## Names that throw',
    '',
    'They exist to say what to use: what they stood for crossed users, or never did what its name said.',
    '',
    ...namesTable(of('refused')),
    '',
    '## Types and enumerations',
    '',
    ...namesTable(DEPRECATIONS.filter(({ code }) => code >= 'WSDEP200' && code < 'WSDEP300')),
    '',
    '## Methods of the manager',
    '',
    'On the managers that legacy factories and `adaptManagerForLegacyCode` return. Both spellings have one code.',
    '',
    ...methodsTable(methods.filter((entry) => !isOfEmitter(entry))),
    '',
    '## Methods of the emitter',
    '',
    ...methodsTable(methods.filter(isOfEmitter)),
    '',
    '## Private names',
    '',
    'Never exported; legacy tests reached for them. The scanner lists them with this advice.',
    '',
    '| Code | Name | Use instead |',
    '| --- | --- | --- |',
    ...of('private').map(({ code, name, replacement }) => `| ${code} | \`${name}\` | ${replacement} |`),
    '',
    '## Canonical names in legacy places',
    '',
    'These are the canonical names themselves and stay; only the place they are imported from changes.',
    '',
    '| Name | Import from |',
    '| --- | --- |',
    ...MOVED_NAMES.map(({ name, from }) => `| \`${name}\` | \`${from}\` |`),
    '',
    '## Removed',
    '',
    'None yet.',
    '',
  ].join('\n');
}

function namesTable(entries: readonly Deprecation[]): readonly string[] {
  return [
    '| Code | Name | Exported by | Use instead | Removed in |',
    '| --- | --- | --- | --- | --- |',
    ...entries.map(({ code, name, modules, replacement, removal, note }) => {
      const places = modules.map((module) => (module === '.' ? 'root' : `\`${module}\``)).join(', ');
      return `| ${code} | \`${name}\` | ${places} | ${withNote(replacement, note)} | ${removal} |`;
    }),
  ];
}

function methodsTable(entries: readonly Deprecation[]): readonly string[] {
  return [
    '| Code | Method | Original spelling | Use instead | Removed in |',
    '| --- | --- | --- | --- | --- |',
    ...entries.map(
      ({ code, name, replacement, removal, note }) =>
        `| ${code} | \`${name}\` | \`${snakeCase(name)}\` | ${withNote(replacement, note)} | ${removal} |`,
    ),
  ];
}

function withNote(replacement: string, note: string | undefined): string {
  return note === undefined ? replacement : `${replacement}. ${note.replace(/\.$/, '')}`;
}
