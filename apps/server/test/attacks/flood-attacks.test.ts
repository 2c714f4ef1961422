import { FLOOD_ATTACKS, LOW_LIMITS } from './flood-attacks.ts';
import { underAttack } from './support/under-attack.ts';

underAttack('too many of everything', LOW_LIMITS, FLOOD_ATTACKS);
