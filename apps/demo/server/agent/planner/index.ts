export { answerByRules } from './answer-by-rules.ts';
