import { SHORT_TIMES, SLOW_ATTACKS } from './slow-attacks.ts';
import { underAttack } from './support/under-attack.ts';

underAttack('peers that take their time', SHORT_TIMES, SLOW_ATTACKS);
