import { describe, expect, it } from 'vitest';
import { createWorkspaceAgent, modelSettingsFromEnv } from '../../server/agent/index.ts';
import { makeFolder } from './support/folder.ts';

const OPENAI_BASE_URL = 'http://127.0.0.1:11434/v1';

describe('settings of the model', () => {
  it('are none without a model, even where a key lies about', () => {
    expect(modelSettingsFromEnv({})).toBeUndefined();
    expect(modelSettingsFromEnv({ OPENAI_API_KEY: 'sk-1' })).toBeUndefined();
    expect(modelSettingsFromEnv({ OPENAI_BASE_URL: ' ', OPENAI_MODEL: '' })).toBeUndefined();
  });

  it('are read from the environment', () => {
    expect(modelSettingsFromEnv({ OPENAI_BASE_URL, OPENAI_MODEL: 'm' })).toEqual({
      model: 'm',
      apiKey: '',
      baseUrl: OPENAI_BASE_URL,
    });
    expect(modelSettingsFromEnv({ OPENAI_API_KEY: 'sk-1', OPENAI_MODEL: 'm' })).toEqual({ model: 'm', apiKey: 'sk-1' });
  });

  it.each([
    [{ OPENAI_BASE_URL }, /^OPENAI_MODEL/],
    [{ OPENAI_MODEL: 'm' }, /^OPENAI_MODEL needs OPENAI_BASE_URL/],
    [{ OPENAI_BASE_URL: 'localhost', OPENAI_MODEL: 'm' }, /^OPENAI_BASE_URL/],
    [{ OPENAI_BASE_URL: 'file:///etc', OPENAI_MODEL: 'm' }, /^OPENAI_BASE_URL/],
  ])('that are incomplete or wrong name the variable: %o', (env, message) => {
    expect(() => modelSettingsFromEnv(env)).toThrow(message);
  });

  it('decide what drives the agent', () => {
    const root = makeFolder();
    expect(createWorkspaceAgent({ root }).kind).toBe('rule-based');
    expect(createWorkspaceAgent({ root, model: { model: 'm', apiKey: '', baseUrl: OPENAI_BASE_URL } }).kind).toBe(
      'model',
    );
  });
});
