import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

// The guide shows these files, which run as they stand.
it.each(['agent-server.ts', 'approval-card.tsx', 'approval-card.test.tsx'])(
  'docs/react.md shows %s as it is',
  (name) => {
    const page = readFileSync(resolve(import.meta.dirname, '../../../../docs/react.md'), 'utf8');
    const code = readFileSync(resolve(import.meta.dirname, name), 'utf8');
    expect(page).toContain(`\n${code}\`\`\``);
  },
);
