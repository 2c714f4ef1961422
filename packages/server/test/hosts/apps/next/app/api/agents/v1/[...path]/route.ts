const answer = (request: Request): Promise<Response> => globalThis.agents.fetch(request, { basePath: '/api/agents' });

export const dynamic = 'force-dynamic';
export { answer as GET, answer as POST, answer as DELETE };
