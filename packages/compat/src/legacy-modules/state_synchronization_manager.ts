// What the module `state_synchronization_manager` of the first system exported.
export { StateSynchronizationManager } from '../legacy-classes.ts';
