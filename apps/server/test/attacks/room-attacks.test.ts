import { FEW_DESCRIPTORS, ROOM_ATTACKS } from './room-attacks.ts';
import { underAttack } from './support/under-attack.ts';

underAttack('more work than there is room for', {}, ROOM_ATTACKS, FEW_DESCRIPTORS);
