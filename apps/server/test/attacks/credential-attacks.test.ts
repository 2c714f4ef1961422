import { CREDENTIAL_ATTACKS } from './credential-attacks.ts';
import { underAttack } from './support/under-attack.ts';

underAttack('credentials that are stolen, guessed or forged', {}, CREDENTIAL_ATTACKS);
