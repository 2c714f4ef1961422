import { FRAME_ATTACKS } from './frame-attacks.ts';
import { underAttack } from './support/under-attack.ts';

underAttack('frames that are wrong, or too many', {}, FRAME_ATTACKS);
