// One API report: what an entry of a package exports, as a text to review.
import { resolve } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { root } from './workspace.mjs';

const reportFolder = resolve(root, 'reports/api');
const freshFolder = resolve(root, 'node_modules/.cache/api');

/** @typedef {import('./public-packages.mjs').PublicPackage} PublicPackage */
/** @typedef {import('./public-packages.mjs').Entry} Entry */

/** @param {PublicPackage} owner @param {Entry} entry */
export function reportName({ short }, { path }) {
  return `${[short, ...path.split('/').slice(1)].join('-')}.api.md`;
}

const silent = { default: { logLevel: ExtractorLogLevel.None } };

/** @param {PublicPackage} owner @param {Entry} entry */
function configOf(owner, entry) {
  return ExtractorConfig.prepare({
    configObjectFullPath: resolve(owner.directory, 'api-extractor.json'),
    packageJsonFullPath: resolve(owner.directory, 'package.json'),
    configObject: {
      projectFolder: owner.directory,
      mainEntryPointFilePath: entry.types,
      newlineKind: 'lf',
      compiler: {
        // As a user's compiler sees it: no `@ws/source` condition, so built types all the way.
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2023',
            lib: ['ES2023', 'DOM', 'ESNext.Disposable'],
            module: 'NodeNext',
            moduleResolution: 'NodeNext',
            strict: true,
            exactOptionalPropertyTypes: true,
            skipLibCheck: true,
            types: ['node'],
            typeRoots: [resolve(root, 'node_modules/@types')],
          },
          files: [entry.types],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: reportName(owner, entry),
        reportFolder,
        reportTempFolder: freshFolder,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: { ...silent, 'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning } },
        tsdocMessageReporting: silent,
      },
    },
  });
}

/**
 * Reads the built types of all entries at once: that takes most of the time.
 * @param {readonly PublicPackage[]} packages
 */
export function compileTypes(packages) {
  // A command has no entry.
  const owner = packages.find(({ entries }) => entries.length > 0);
  const [entry] = owner?.entries ?? [];
  if (owner === undefined || entry === undefined) throw new Error('no package is published');
  const additionalEntryPoints = packages.flatMap(({ entries }) => entries.map(({ types }) => types));
  return CompilerState.create(configOf(owner, entry), { additionalEntryPoints });
}

/**
 * Looks at the built types of an entry.
 * @param {CompilerState} compilerState @param {PublicPackage} owner @param {Entry} entry
 * @param {{ update: boolean }} options `update` writes the report
 * @returns {{ changed: boolean, committed: string, fresh: string, forgotten: string[] }} whether the report differs, where both texts are,
 *   and the types that a public type names and the entry does not export
 */
export function extractReport(compilerState, owner, entry, { update }) {
  /** @type {string[]} */
  const forgotten = [];
  const { apiReportChanged, errorCount } = Extractor.invoke(configOf(owner, entry), {
    compilerState,
    localBuild: update,
    messageCallback: (message) => {
      const [, name] = (message.messageId === 'ae-forgotten-export' && /"(.+?)"/.exec(message.text)) || [];
      if (name !== undefined) forgotten.push(name);
      // Its advice to copy a file by hand: `pnpm api --update` does it.
      if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true;
    },
  });
  if (errorCount > 0) throw new Error(`the types of ${entry.specifier} have errors`);
  const name = reportName(owner, entry);
  const [committed, fresh] = [resolve(reportFolder, name), resolve(freshFolder, name)];
  return { changed: apiReportChanged, committed, fresh, forgotten: forgotten.sort() };
}
