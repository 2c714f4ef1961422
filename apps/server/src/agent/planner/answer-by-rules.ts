import type { Driver } from '../driver.ts';
import { Speech } from '../speech.ts';
import { createFallback, createHelp, INTENTS } from './intents/index.ts';
import { parseQuestion } from './question.ts';
import { createSession, type Plan } from './session.ts';
import type { Question } from './question.ts';

const help = createHelp(INTENTS);
const fallback = createFallback(INTENTS);

/** Answers by rules: the first sort of question that fits brings a plan of tool calls. */
export const answerByRules: Driver = async (question, { run, tools, workspace, clock, pace, history }) => {
  const speech = new Speech(run, clock, pace);
  await speech.think('No model is configured, so a rule-based planner answers.');
  const parsed = parseQuestion(question, history);
  await choosePlan(parsed)(createSession(parsed, workspace.name, speech, tools));
  return { response: speech.response, usage: {} };
};

function choosePlan(question: Question): Plan {
  for (const intent of [help, ...INTENTS]) {
    const plan = intent.recognise(question);
    if (plan !== undefined) return plan;
  }
  return fallback;
}
