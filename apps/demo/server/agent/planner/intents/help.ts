import { bullets } from '../markdown.ts';
import type { Intent, PlannerSession } from '../session.ts';

const WORDS =
  /^(?:help|hi|hello|hey|good (?:morning|day|evening)|what can (?:you|i|this agent) (?:do|answer|ask)(?: you)?|who are you|what are you|are you (?:an? )?(?:ai|llm|model|human|bot).*)$/;

/** Makes the answer to "help" from the examples of the other sorts of question. */
export function createHelp(intents: readonly Intent[]): Intent {
  return {
    name: 'help',
    example: 'What can you do?',
    recognise: (question) =>
      WORDS.test(question.plain) ? (session) => sayWhatIsPossible(session, intents) : undefined,
  };
}

async function sayWhatIsPossible(session: PlannerSession, intents: readonly Intent[]): Promise<void> {
  await session.think('The question is about me, so no tool is needed.');
  await session.say(
    `I answer questions about the files of \`${session.folder}\`. I am a set of rules, not a language model: I understand ` +
      'questions of these sorts, and read the files again for each.\n\n',
  );
  await session.say(examples(intents));
}

/** One line for each sort of question. */
export function examples(intents: readonly Intent[]): string {
  return bullets(intents.map(({ name, example }) => `${name}: *${example}*`));
}
