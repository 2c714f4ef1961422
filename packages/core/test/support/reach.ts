/** What can be got at from some values: by properties, getters, prototypes and constructors, without a call. */
export interface Reach {
  readonly objects: ReadonlySet<object>;
  readonly texts: ReadonlySet<string>;
}

export function reachFrom(roots: readonly unknown[]): Reach {
  const objects = new Set<object>();
  const texts = new Set<string>();
  const queue: unknown[] = [...roots];
  while (queue.length > 0) {
    const value = queue.pop();
    if (typeof value === 'string') texts.add(value);
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (!isObject || objects.has(value)) continue;
    objects.add(value);
    queue.push(Reflect.getPrototypeOf(value));
    // A getter of the prototype reads what belongs to the object it is asked on.
    for (const key of keysOf(value)) queue.push(read(value, key), typeof key === 'string' ? key : key.description);
    if (value instanceof Map || value instanceof Set) queue.push(...value.entries());
  }
  return { objects, texts };
}

function keysOf(value: object): ReadonlySet<string | symbol> {
  const keys = new Set<string | symbol>();
  for (let at: object | null = value; at !== null; at = Reflect.getPrototypeOf(at)) {
    for (const key of Reflect.ownKeys(at)) keys.add(key);
  }
  return keys;
}

function read(value: object, key: string | symbol): unknown {
  try {
    return Reflect.get(value, key);
  } catch (error) {
    return error;
  }
}

/** Calls every method that the values have, with every list of arguments, and answers what came of it, errors included. */
export async function callAll(
  targets: readonly object[],
  argumentLists: readonly (readonly unknown[])[],
): Promise<readonly unknown[]> {
  const outcomes: unknown[] = [];
  for (const target of targets) {
    for (const key of keysOf(target)) {
      const method = read(target, key);
      if (typeof method !== 'function' || key === 'constructor') continue;
      for (const args of argumentLists) outcomes.push(await attempt(() => Reflect.apply(method, target, args)));
    }
  }
  return outcomes;
}

export async function attempt(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return error;
  }
}
