import type { ESLint, Linter, Rule } from 'eslint';
import { noDeprecatedNames } from './no-deprecated-names.ts';

const rules: Record<string, Rule.RuleModule> = { 'no-deprecated-names': noDeprecatedNames };

const plugin: ESLint.Plugin = { meta: { name: '@ws/eslint-plugin', namespace: '@ws' }, rules };

const recommended: Linter.Config = {
  name: '@ws/recommended',
  plugins: { '@ws': plugin },
  rules: { '@ws/no-deprecated-names': 'warn' },
};

/** Flat configurations: `export default [ws.configs.recommended]`. */
export const configs: { readonly recommended: Linter.Config } = { recommended };

export { rules };

// The form that ESLint takes in a configuration, with its configurations at hand.
const withConfigs: ESLint.Plugin & { readonly configs: typeof configs } = Object.assign(plugin, { configs });

export default withConfigs;
