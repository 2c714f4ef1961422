// What the module `broadcast_manager` of the first system exported.
export { BroadcastManager } from '../legacy-classes.ts';
