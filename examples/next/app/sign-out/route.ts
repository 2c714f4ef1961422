import { cookies } from 'next/headers';
import { agents } from '../../lib/agents.ts';

export async function POST(): Promise<Response> {
  const { server, sessions } = agents();
  const jar = await cookies();
  const session = sessions.find(jar.get('session')?.value);
  if (session !== undefined) {
    sessions.end(session.id);
    // Closes the connections of this session, in every tab. Other sessions of the user stay.
    await server.hub.revoke({ userId: session.userId, tokenId: session.id, expiresAt: session.expiresAt });
  }
  jar.delete('session');
  return new Response(null, { status: 204 });
}
