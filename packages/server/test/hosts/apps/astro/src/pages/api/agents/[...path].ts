import type { APIRoute } from 'astro';

export const ALL: APIRoute = ({ request, locals, clientAddress }) =>
  locals.agents.fetch(request, { basePath: '/api/agents', address: clientAddress });
