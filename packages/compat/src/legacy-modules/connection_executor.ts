// What the module `connection_executor` of the first system exported.
export { ConnectionExecutor } from '../legacy-classes.ts';
