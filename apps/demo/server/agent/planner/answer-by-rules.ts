import type { Driver, DriverContext } from '../driver.ts';
import { Speech } from '../speech.ts';
import { ToolDenied } from '../tool-calls.ts';
import { createFallback, createHelp, INTENTS } from './intents/index.ts';
import { MAX_QUESTIONS, parseQuestion, splitQuestions, type Question } from './question.ts';
import { createSession, type Plan } from './session.ts';

const help = createHelp(INTENTS);
const fallback = createFallback(INTENTS);

/** Answers by rules: the first sort of question that fits brings a plan of tool calls. Several questions are answered in turn. */
export const answerByRules: Driver = async (message, context) => {
  const { run, clock, pace, asksFirst } = context;
  const speech = new Speech(run, clock, pace);
  await speech.think('No model is configured, so a rule-based planner answers.');
  if (asksFirst) await speech.say('You want to be asked before I read files. I wait for your approval.\n\n');
  try {
    await answerEach(splitQuestions(message), speech, context);
  } catch (error) {
    if (!(error instanceof ToolDenied)) throw error;
    await speech.say(`${error.message} I read nothing, so I have no answer.`);
  }
  return { response: speech.response, usage: {} };
};

async function answerEach(
  questions: readonly string[],
  speech: Speech,
  { tools, workspace, history }: DriverContext,
): Promise<void> {
  let known = history;
  for (const [index, text] of questions.slice(0, MAX_QUESTIONS).entries()) {
    if (questions.length > 1) await speech.say(`${index === 0 ? '' : '\n\n'}**${text}**\n\n`);
    const before = speech.response.length;
    const question = parseQuestion(text, known);
    await choosePlan(question)(createSession(question, workspace.name, speech, tools));
    known = [...known, { role: 'user', content: text }, { role: 'assistant', content: speech.response.slice(before) }];
  }
  const left = questions.length - MAX_QUESTIONS;
  if (left > 0) await speech.say(`\n\nI answer ${MAX_QUESTIONS} questions of a message. Ask the other ${left} again.`);
}

function choosePlan(question: Question): Plan {
  for (const intent of [help, ...INTENTS]) {
    const plan = intent.recognise(question);
    if (plan !== undefined) return plan;
  }
  return fallback;
}
