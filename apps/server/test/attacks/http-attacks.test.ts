import { HTTP_ATTACKS, SMALL_BODIES } from './http-attacks.ts';
import { underAttack } from './support/under-attack.ts';

underAttack('requests that are no requests', SMALL_BODIES, HTTP_ATTACKS);
