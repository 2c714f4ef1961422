import { WebSocketError } from '@ws/types';
import type { IdSource } from '../random.ts';

const NAME = /^[\w.:-]{1,64}$/;

/**
 * The name of the new epoch that the option `newEpoch` of a log asks for. A log keeps the name and begins a new epoch where it is
 * another one than it has: once for a text, each time it is opened for `true`, never for `false`.
 *
 * @throws `INVALID_OPTION` for a text that is no name
 */
export function newEpochName(option: string | boolean | undefined, ids: IdSource): string | undefined {
  if (option === undefined || option === false) return undefined;
  if (option === true) return ids.next();
  if (NAME.test(option)) return option;
  throw new WebSocketError(
    'INVALID_OPTION',
    `newEpoch must be 1 to 64 letters, digits, '.', ':', '_' or '-', for example the day of a restore, got '${option}'`,
  );
}
