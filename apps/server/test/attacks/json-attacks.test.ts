import { JSON_ATTACKS } from './json-attacks.ts';
import { underAttack } from './support/under-attack.ts';

underAttack('JSON that is meant to harm', {}, JSON_ATTACKS);
