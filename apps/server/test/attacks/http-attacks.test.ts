import { HTTP_ATTACKS } from './http-attacks.ts';
import { underAttack } from './support/under-attack.ts';

underAttack('requests that are no requests', {}, HTTP_ATTACKS);
