import { HISTORY_ATTACKS, WIDE_LIMITS } from './history-attacks.ts';
import { underAttack } from './support/under-attack.ts';

underAttack('history', WIDE_LIMITS, HISTORY_ATTACKS);
