import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { markdownFiles, ROOT } from './workspace-files.ts';

/** The anchor that a heading gets on the usual hosts. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

it('links within the repository lead to what is there', () => {
  const broken: string[] = [];
  for (const page of markdownFiles()) {
    const text = readFileSync(resolve(ROOT, page), 'utf8').replaceAll(/^```.*?^```$/gms, '');
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? resolve(ROOT, page) : resolve(ROOT, dirname(page), path);
      if (!existsSync(target)) {
        broken.push(`${page}: ${link}`);
      } else if (anchor !== undefined) {
        const headings = readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm);
        if (![...headings].some(([, heading = '']) => anchorOf(heading) === anchor)) broken.push(`${page}: ${link}`);
      }
    }
  }
  expect(broken).toEqual([]);
});

it('every page is reached from README.md, and so is every file of docs', () => {
  const reached = new Set<string>();
  const follow = (path: string): void => {
    const page = existsSync(resolve(ROOT, path, 'README.md')) ? `${path}/README.md` : path;
    if (reached.has(page) || !existsSync(resolve(ROOT, page))) return;
    reached.add(page);
    if (!page.endsWith('.md')) return;
    for (const [, link = ''] of readFileSync(resolve(ROOT, page), 'utf8').matchAll(/\]\(([^)\s#]+)/g)) {
      if (!/^[a-z]+:/.test(link)) follow(relative(ROOT, resolve(ROOT, dirname(page), link)).replaceAll('\\', '/'));
    }
  };
  follow('README.md');
  // Changesets are read when a version is made, reports by whoever reviews.
  const pages = markdownFiles().filter((page) => !/^(?:\.changeset|reports)\//.test(page));
  expect(pages.length).toBeGreaterThan(20);
  const files = globSync('docs/**/*.*', { cwd: ROOT }).map((path) => path.replaceAll('\\', '/'));
  expect([...pages, ...files].filter((path) => !reached.has(path))).toEqual([]);
});

it('docs/architecture.md names files and folders that are there', () => {
  const missing: string[] = [];
  let base = '';
  for (const line of readFileSync(resolve(ROOT, 'docs/architecture.md'), 'utf8').split('\n')) {
    const section = /^#+ (?:`(.*)`)?/.exec(line);
    if (section !== null) base = section[1] ?? '';
    const inTable = base !== '' && line.startsWith('| `') ? (line.split(' | ')[0] ?? '') : '';
    // The walks: a file of the package on each line, and those it calls in brackets.
    const onWay = base === '' ? [] : line.startsWith('|') ? [] : [...line.matchAll(/(?:^|\()([\w/-]+\.ts)\b/g)];
    const paths = [
      ...onWay.map(([, path = '']) => (path.startsWith('packages/') ? path : `${base}/${path}`)),
      ...[...inTable.matchAll(/`([^`]+)`/g)].map(([, path = '']) => `${base}/${path}`),
      ...[...line.matchAll(/`((?:apps|packages|scripts)\/[^` ]+)`/g)].map(([, path = '']) => path),
    ];
    missing.push(...paths.filter((path) => !existsSync(resolve(ROOT, path))));
  }
  expect(missing).toEqual([]);
});
