import { noteUse } from './deprecated-use.ts';
import type { LegacyName } from './deprecations.ts';
import { snakeCase } from './snake-case.ts';

/** A legacy method as properties of a prototype, in both spellings, each of which tells its use. */
export function bothSpellings<This extends object>(
  name: LegacyName,
  run: (self: This, args: unknown[]) => unknown,
): PropertyDescriptorMap {
  const descriptors = [name, snakeCase(name)].map((spelled): [string, PropertyDescriptor] => {
    const value = function (this: This, ...args: unknown[]): unknown {
      noteUse(name, value, spelled);
      return run(this, args);
    };
    Object.defineProperty(value, 'name', { value: spelled });
    return [spelled, { value, enumerable: false, writable: true, configurable: true }];
  });
  return Object.fromEntries(descriptors);
}
