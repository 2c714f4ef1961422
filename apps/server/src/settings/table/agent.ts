import * as v from 'valibot';
import { httpUrlSchema } from '../text-schemas.ts';
import { choice, parsed, secret, whole } from '../setting.ts';

const ON_OFF = ['on', 'off'] as const;

/** An agent that lives in another process, and how it gets what users say. */
export const AGENT = {
  WS_AGENT_URL: parsed(httpUrlSchema, 'an http or https URL', {
    meaning:
      'address of an agent that is called with what users say, cancel and decide ([agents](agents.md)); the only address that is called, redirects are not followed',
    fallback: undefined,
  }),
  WS_AGENT_SECRET: secret(v.string(), 'secrets of Standard Webhooks, separated by commas', {
    meaning:
      'secret that these calls are signed with: `whsec_` and 24 to 64 random bytes in base64; several, separated by commas, while they are changed',
  }),
  WS_AGENT_INBOX: choice(ON_OFF, {
    meaning:
      'whether an agent that cannot be called fetches what users say, with `POST /v1/inbox/claim` and a key of the scope `inbox`; not beside `WS_AGENT_URL`',
    fallback: 'off',
  }),
  WS_AGENT_HORIZON_MS: whole({
    min: 1_000,
    unit: 'ms',
    meaning:
      'after how long without an agent that takes it a call is given up; the run that was to answer ends as `interrupted`',
    fallback: 900_000,
  }),
} as const;
