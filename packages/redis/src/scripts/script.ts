import { createHash } from 'node:crypto';

/** A Lua script, and the name that a server which has loaded it knows it by. */
export class Script {
  readonly text: string;
  readonly sha: string;

  constructor(text: string) {
    this.text = text.trim();
    this.sha = createHash('sha1').update(this.text).digest('hex');
  }
}
