import { DEVELOPMENT_API_KEY, weaknessOf, type Settings } from '../settings/index.ts';
import type { Finding } from './finding.ts';

/** How strong the secrets are. They are judged, never repeated. */
export function inspectSecrets({ jwt, apiKey, apiKeysFile }: Settings): readonly Finding[] {
  const findings: Finding[] = [];
  const { keys } = jwt;
  if (keys?.kind === 'secret') findings.push(judged('WS_JWT_SECRET', keys.secret));
  else if (keys?.kind === 'secret_file')
    findings.push({ verdict: 'good', what: `tokens are checked by the secrets in ${keys.path}` });
  else if (keys?.kind === 'jwks') findings.push(jwks(keys.url));
  else findings.push({ verdict: 'note', what: 'no secret for tokens: development mode makes one of its own' });
  if (apiKey !== '' && apiKey !== DEVELOPMENT_API_KEY) findings.push(judged('WS_API_KEY', apiKey));
  if (apiKeysFile !== undefined)
    findings.push({ verdict: 'good', what: `API keys are in ${apiKeysFile}, by their digests` });
  return findings;
}

function judged(name: string, secret: string): Finding {
  const weakness = weaknessOf(secret);
  if (weakness === undefined) return { verdict: 'good', what: `${name} is long and varied` };
  return {
    // Outside of development mode the service does not start with it.
    verdict: 'doubt',
    what: `${name} can be guessed: it ${weakness}`,
    advice: `Take a random one, for example: node -p "crypto.randomBytes(32).toString('base64url')"`,
  };
}

function jwks({ protocol, host }: URL): Finding {
  if (protocol === 'https:') return { verdict: 'good', what: `tokens are checked by the keys of ${host}` };
  const advice = 'Whoever stands between may hand out keys of his own, and be any user.';
  return { verdict: 'doubt', what: `the keys of ${host} are fetched without TLS`, advice };
}
