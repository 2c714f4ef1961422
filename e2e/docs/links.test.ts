import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
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

it('docs/architecture.md names files and folders that are there', () => {
  const missing: string[] = [];
  let base = '';
  for (const line of readFileSync(resolve(ROOT, 'docs/architecture.md'), 'utf8').split('\n')) {
    const section = /^#+ (?:`(.*)`)?/.exec(line);
    if (section !== null) base = section[1] ?? '';
    const inTable = base !== '' && line.startsWith('| `') ? (line.split(' | ')[0] ?? '') : '';
    const paths = [
      ...[...inTable.matchAll(/`([^`]+)`/g)].map(([, path = '']) => `${base}/${path}`),
      ...[...line.matchAll(/`((?:apps|packages|scripts)\/[^` ]+)`/g)].map(([, path = '']) => path),
    ];
    missing.push(...paths.filter((path) => !existsSync(resolve(ROOT, path))));
  }
  expect(missing).toEqual([]);
});
