import type { Settings } from '../settings/index.ts';
import type { Finding } from './finding.ts';

/** Where the secrets come from. They are never repeated: weak ones are refused by the settings already. */
export function inspectSecrets({ jwt, apiKey, apiKeysFile, development }: Settings): readonly Finding[] {
  const findings: Finding[] = [];
  const { keys } = jwt;
  if (keys?.secret !== undefined) findings.push({ verdict: 'good', what: 'WS_JWT_SECRET is long and varied' });
  else if (keys?.secretFile !== undefined)
    findings.push({ verdict: 'good', what: `tokens are checked by the secrets in ${keys.secretFile}` });
  else if (keys?.jwksUrl !== undefined) findings.push(jwks(new URL(keys.jwksUrl)));
  else findings.push({ verdict: 'note', what: 'tokens are checked by a development secret, which the service makes' });
  if (apiKey !== '' && !development) findings.push({ verdict: 'good', what: 'WS_API_KEY is long and varied' });
  if (apiKeysFile !== undefined)
    findings.push({ verdict: 'good', what: `API keys are in ${apiKeysFile}, by their digests` });
  return findings;
}

function jwks({ protocol, host }: URL): Finding {
  if (protocol === 'https:') return { verdict: 'good', what: `tokens are checked by the keys of ${host}` };
  const advice = 'Whoever stands between may hand out keys of his own, and be any user.';
  return { verdict: 'doubt', what: `the keys of ${host} are fetched without TLS`, advice };
}
