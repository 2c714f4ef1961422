import { createWorkspaceAgent, type ConversationHistory } from '../../../server/agent/index.ts';
import { RecordingRun } from './recording-run.ts';

/** Asks the rules about a folder and gives the run that answered. */
export async function ask(root: string, question: string, history?: ConversationHistory): Promise<RecordingRun> {
  const run = new RecordingRun();
  await createWorkspaceAgent({ root, pace: 0 }).answer(question, run, history);
  return run;
}
