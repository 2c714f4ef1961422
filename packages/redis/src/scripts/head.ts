import { OPEN_STREAM } from './open-stream.ts';
import { Script } from './script.ts';

/** Answers epoch, oldest offset, head, and the checkpoint or nothing. */
export const HEAD = new Script(`${OPEN_STREAM}
return head_of()
`);
