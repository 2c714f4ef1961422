import { version } from 'react';
import { expect, it } from 'vitest';

it('the tests run on the React that their project is for', ({ task }) => {
  expect(version).toMatch(task.file.projectName === 'react18' ? /^18\./ : /^19\./);
});
