/** Asks the server, which runs in development mode, for a token of this user. */
export async function fetchDevToken(userId: string): Promise<string> {
  const response = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: userId }),
  });
  if (!response.ok) throw new Error(`no token for ${userId}: ${await reasonOf(response)}`);
  const body = (await response.json()) as { readonly token: string };
  return body.token;
}

async function reasonOf(response: Response): Promise<string> {
  try {
    const body = (await response.json()) as { readonly error?: { readonly message?: string } };
    return body.error?.message ?? `HTTP ${response.status}`;
  } catch {
    return `HTTP ${response.status}`;
  }
}
