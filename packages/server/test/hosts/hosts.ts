/** A framework or runtime that the contract is tried on. */
export interface HostKind {
  readonly name: string;
  /** The file in `recipes` that serves it. */
  readonly recipe: string;
  readonly runtime: 'node' | 'bun' | 'deno';
  /** Below which path the calls of HTTP are. */
  readonly base: '' | '/agents';
}

export const HOSTS: readonly HostKind[] = [
  { name: 'Node, `listen`', recipe: 'node-listen', runtime: 'node', base: '' },
  { name: 'Node, `attach`', recipe: 'node-attach', runtime: 'node', base: '/agents' },
  { name: 'Express 5', recipe: 'express', runtime: 'node', base: '/agents' },
  { name: 'Fastify 5', recipe: 'fastify', runtime: 'node', base: '/agents' },
  { name: 'Hono on Node', recipe: 'hono-node', runtime: 'node', base: '/agents' },
  { name: 'Nest 12', recipe: 'nest', runtime: 'node', base: '/agents' },
  { name: 'h3 2 on Node', recipe: 'h3', runtime: 'node', base: '/agents' },
  { name: 'Hono on Bun', recipe: 'hono-crossws', runtime: 'bun', base: '/agents' },
  { name: 'Hono on Deno', recipe: 'hono-crossws', runtime: 'deno', base: '/agents' },
];
