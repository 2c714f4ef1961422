import { HISTORY_ATTACKS, FOR_READERS } from './history-attacks.ts';
import { underAttack } from './support/under-attack.ts';

underAttack('history', FOR_READERS, HISTORY_ATTACKS);
