#!/usr/bin/env node
import { CommanderError } from 'commander';
import { isWebSocketError } from '@ws/types';
import { EXIT, Failure } from './failure.ts';
import { createProgram } from './program.ts';

async function main(): Promise<void> {
  try {
    await createProgram().parseAsync(process.argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Tells what went wrong. Faults that a person can mend are a sentence; the rest is a bug and needs its stack. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // It has said so itself; asking for help is no fault.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  if (error instanceof Failure) {
    console.error(error.message);
    return error.exitCode;
  }
  console.error(isWebSocketError(error) && error.code !== 'INTERNAL' ? `${error.message} (${error.code})` : error);
  return EXIT.failed;
}

// Output that nobody reads any more (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed),
);

await main();
