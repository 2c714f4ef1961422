import { expect, it } from 'vitest';
import { readAgentInfo, UNKNOWN_AGENT } from '../../src/session/agent-info.ts';

it('takes what is there and makes up for the rest', () => {
  const body = { name: 'Analyst', kind: 'model', workspace: 'docs', examples: ['Why?', 3] };
  expect(readAgentInfo(body)).toEqual({ ...body, examples: ['Why?'] });
  expect(readAgentInfo({ name: '', kind: 'other', examples: [] })).toEqual(UNKNOWN_AGENT);
  expect(readAgentInfo(null)).toEqual(UNKNOWN_AGENT);
});
