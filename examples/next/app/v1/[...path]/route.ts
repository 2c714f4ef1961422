import { agents } from '../../../lib/agents.ts';

/** The calls of HTTP: Server-Sent Events where a proxy lets no WebSocket through, history, publishing. */
const answer = async (request: Request): Promise<Response> => agents().server.fetch(request);

export const dynamic = 'force-dynamic';
export { answer as GET, answer as POST };
