import { cookies } from 'next/headers';
import { agents } from '../../lib/agents.ts';

export async function POST(request: Request): Promise<Response> {
  const { name } = (await request.json()) as { readonly name?: unknown };
  // Yours checks a password here.
  if (typeof name !== 'string' || !/^\w{1,40}$/.test(name)) return new Response(null, { status: 400 });
  const { id, userId, expiresAt } = agents().sessions.begin(name);
  (await cookies()).set('session', id, { httpOnly: true, sameSite: 'strict', expires: expiresAt });
  return Response.json({ userId });
}
