import { LEGACY_MODULES } from '../../src/deprecations.ts';

/** Everything a module path exports at run time. */
export async function legacyModule(module: string): Promise<Readonly<Record<string, unknown>>> {
  if (!(LEGACY_MODULES as readonly string[]).includes(module)) throw new Error(`there is no module ${module}`);
  const loaded: unknown = await import(module === '.' ? '../../src/index.ts' : `../../src/legacy-modules/${module}.ts`);
  return loaded as Readonly<Record<string, unknown>>;
}
