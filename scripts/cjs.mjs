// Run in a package after tsup: gives every entry its CommonJS form, one line that requires the ES module, so that `import` and
// `require` in one process get the same classes. Also holds the published `exports` map equal to the one of the workspace.
import { isDeepStrictEqual } from 'node:util';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

/** @type {{ name: string, exports: Record<string, any>, publishConfig: { exports: Record<string, any> } }} */
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

/** @type {Record<string, any>} */
const published = {};
for (const [path, target] of Object.entries(manifest.exports)) {
  if (typeof target === 'string') {
    published[path] = target;
    continue;
  }
  const { '@ws/source': _source, ...conditions } = target;
  // For the tests of the workspace: neither built nor published.
  if (conditions.import === undefined) continue;
  published[path] = conditions;

  const { import: esm, require: cjs } = conditions;
  for (const file of [esm.types, esm.default]) {
    if (!existsSync(file)) throw new Error(`${manifest.name}: ${file} is in "exports" but was not built`);
  }
  writeFileSync(cjs.default, `module.exports = require('./${basename(esm.default)}');\n`);
}

// The types of a CommonJS module are of CommonJS all the way, chunks included: else a compiler would take each type of the other
// packages for two, one by `import` and one by `require`.
for (const file of globSync('dist/*.d.ts')) {
  const types = readFileSync(file, 'utf8').replaceAll(
    /(\b(?:from|import) ?\(?)(['"])(\.\/[^'"]+)\.js\2/g,
    '$1$2$3.cjs$2',
  );
  writeFileSync(file.replace(/\.d\.ts$/, '.d.cts'), types);
}

if (!isDeepStrictEqual(published, manifest.publishConfig.exports)) {
  throw new Error(`${manifest.name}: "publishConfig.exports" has to be "exports" without the "@ws/source" lines`);
}
