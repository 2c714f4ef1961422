/** The names each entry of `@ws/eslint-plugin` exports. */
export const ESLINT_PLUGIN_PINS = {
  '.': ['configs', 'default', 'rules'],
} as const;
