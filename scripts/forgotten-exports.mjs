// Types that a public type names and no entry of its package exports: a program can see them and cannot name them. `api` and its test fail for any
// other, and the test fails for one that is no longer forgotten: the list gets shorter.
/** @type {Readonly<Record<string, readonly string[]>>} */
export const FORGOTTEN_EXPORTS = {
  '@ws/compat': ['CamelCaseEmitterMethods', 'CamelCaseMethods', 'LegacyUse', 'UnifiedWebSocketEmitter$1'],
  '@ws/compat/deprecations': ['ROWS'],
  '@ws/compat/unified_emitter': ['UnifiedWebSocketEmitter$1'],
  '@ws/compat/unified_init': ['UnifiedWebSocketEmitter$1'],
  '@ws/react': ['CommonProps'],
  '@ws/server': ['Answer', 'HubOptionNames'],
  '@ws/types': ['Branded', 'Envelope', 'SchemaByType'],
};
