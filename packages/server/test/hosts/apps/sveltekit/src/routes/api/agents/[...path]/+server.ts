import type { RequestHandler } from '@sveltejs/kit';

// Every method of HTTP.
export const fallback: RequestHandler = ({ request, getClientAddress }) =>
  globalThis.agents.fetch(request, { basePath: '/api/agents', address: getClientAddress() });
