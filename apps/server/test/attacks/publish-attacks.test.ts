import { PUBLISH_ATTACKS } from './publish-attacks.ts';
import { underAttack } from './support/under-attack.ts';

underAttack('publishing', {}, PUBLISH_ATTACKS);
