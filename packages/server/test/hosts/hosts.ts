import type { AttachOptions } from '@ws/server';
import type { AppName } from './framework-apps.ts';

/** A framework or runtime that the contract is tried on. */
export interface HostKind {
  readonly name: string;
  /** The file in `recipes` that serves it, or the name of its application. */
  readonly recipe: string;
  /** The application in `apps`, where a framework builds it. `pnpm hosts` and `pnpm verify hosts` alone try these. */
  readonly app?: AppName;
  readonly runtime: 'node' | 'bun' | 'deno';
  /** Below which path the calls of HTTP are, and WebSockets beside them at `/ws`. */
  readonly base: '' | '/agents' | '/api/agents';
  /** What its application is attached with. @default what its `start` has */
  readonly attached?: AttachOptions;
  /** The cases that do not hold on it, as `docs/hosts.md` says. */
  readonly fails?: readonly string[];
}

/** The endpoint of a framework answers the calls of HTTP, in place of `attach`. */
const BY_ENDPOINT = { base: '/api/agents', attached: { path: '/api/agents/ws' } } as const;

export const HOSTS: readonly HostKind[] = [
  { name: 'Node, `listen`', recipe: 'node-listen', runtime: 'node', base: '' },
  { name: 'Node, `attach`', recipe: 'node-attach', runtime: 'node', base: '/agents' },
  { name: 'Express 5', recipe: 'express', runtime: 'node', base: '/agents' },
  { name: 'Fastify 5', recipe: 'fastify', runtime: 'node', base: '/agents' },
  { name: 'Hono on Node', recipe: 'hono-node', runtime: 'node', base: '/agents' },
  { name: 'Nest 12', recipe: 'nest', runtime: 'node', base: '/agents' },
  { name: 'h3 2 on Node', recipe: 'h3', runtime: 'node', base: '/agents' },
  { name: 'Next 16', recipe: 'next', app: 'next', runtime: 'node', base: '/agents' },
  { name: 'Next 16, route handler', recipe: 'next', app: 'next', runtime: 'node', ...BY_ENDPOINT },
  { name: 'SvelteKit 3', recipe: 'sveltekit', app: 'sveltekit', runtime: 'node', base: '/agents' },
  { name: 'SvelteKit 3, endpoint', recipe: 'sveltekit', app: 'sveltekit', runtime: 'node', ...BY_ENDPOINT },
  { name: 'Astro 7', recipe: 'astro', app: 'astro', runtime: 'node', base: '/agents' },
  {
    name: 'Astro 7, endpoint',
    recipe: 'astro',
    app: 'astro',
    runtime: 'node',
    ...BY_ENDPOINT,
    // Its `writeResponse` reads the whole answer, whether or not the client takes it.
    fails: ['SSE: slow reader'],
  },
  {
    name: 'Nitro 3',
    recipe: 'nitro',
    app: 'nitro',
    runtime: 'node',
    base: '/agents',
    // It takes an upgrade of any path that has no WebSocket handler.
    fails: ['refused: another path'],
  },
  { name: 'Hono on Bun', recipe: 'hono-crossws', runtime: 'bun', base: '/agents' },
  { name: 'Hono on Deno', recipe: 'hono-crossws', runtime: 'deno', base: '/agents' },
];
