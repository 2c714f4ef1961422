#!/usr/bin/env node
import { runCommand } from './cli/run-command.ts';

process.exitCode = runCommand(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
});
