/** Asks the server, which runs in development mode, for a token. In production your own sign-in hands it out. */
export async function fetchDevToken(userId: string): Promise<string> {
  const response = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: userId }),
  });
  if (!response.ok) throw new Error(`no token for ${userId}: HTTP ${response.status}`);
  const { token } = (await response.json()) as { readonly token: string };
  return token;
}
