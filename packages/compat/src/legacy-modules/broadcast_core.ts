// What the module `broadcast_core` of the first system exported.
export { BroadcastCore } from '../legacy-classes.ts';
