// The load generator: a process of its own that connects to a server under test and counts what comes.
import type { OrderAnswer, OrderRequest } from './orders.ts';
import { LoadGenerator } from './load-generator.ts';

const generator = new LoadGenerator();

process.on('message', (message) => {
  // Sent by the benchmark that started this process.
  const { id, order } = message as OrderRequest;
  const startedAt = performance.now();
  const answer = (count: number, error?: string): void => {
    const report = generator.report(performance.now() - startedAt, count);
    const reply: OrderAnswer = { id, report, ...(error === undefined ? {} : { error }) };
    process.send?.(reply);
  };
  generator.carryOut(order).then(answer, (error: unknown) => {
    answer(0, error instanceof Error ? error.message : String(error));
  });
});
// With the benchmark gone there is nobody to count for.
process.on('disconnect', () => process.exit(1));
