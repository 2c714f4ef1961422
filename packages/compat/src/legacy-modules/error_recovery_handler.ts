// What the module `error_recovery_handler` of the first system exported.
export { ErrorRecoveryHandler } from '../legacy-classes.ts';
