import { ESLint } from 'eslint';
import { expect, it } from 'vitest';
import ws from '../src/index.ts';

it('is a flat configuration', async () => {
  const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: [ws.configs.recommended] });
  const [result] = await eslint.lintText("import { getManager } from '@ws/compat';\n");
  expect(result?.messages).toMatchObject([{ ruleId: '@ws/no-deprecated-names', severity: 1, line: 1, column: 10 }]);
});

it('fixes pass by pass, until one import is left', async () => {
  const eslint = new ESLint({ fix: true, overrideConfigFile: true, overrideConfig: [ws.configs.recommended] });
  const code = "import { getManager, createManager } from '@ws/compat';\nnew Set([getManager, createManager]);\n";
  const [result] = await eslint.lintText(code);
  expect(result?.output).toBe(
    "import { getWebSocketManager } from '@ws/core';\nnew Set([getWebSocketManager, getWebSocketManager]);\n",
  );
});

it('pins its rules and configurations', () => {
  expect(Object.keys(ws.rules ?? {})).toEqual(['no-deprecated-names']);
  expect(Object.keys(ws.configs)).toEqual(['recommended']);
});
