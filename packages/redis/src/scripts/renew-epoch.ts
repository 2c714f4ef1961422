import { OPEN_STREAM } from './open-stream.ts';
import { Script } from './script.ts';

/**
 * Begins a new epoch where the end of a stream was lost: its epoch is still the one given and its head lies before the offset
 * given. Arguments: epoch, offset.
 */
export const RENEW_EPOCH = new Script(`${OPEN_STREAM}
if stream.epoch == ARGV[5] and stream.head < tonumber(ARGV[6]) then redis.call('HSET', META, 'epoch', NEW_EPOCH) end
return 1
`);
