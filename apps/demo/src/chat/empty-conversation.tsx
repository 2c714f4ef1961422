import type { AgentInfo } from '../session/agent-info.ts';
import './empty-conversation.css';

/** Where a conversation begins: what one can ask. */
export function EmptyConversation({
  agent,
  onAsk,
}: {
  readonly agent: AgentInfo;
  readonly onAsk: (text: string) => void;
}) {
  return (
    <section className="empty-conversation" aria-label="Start a conversation">
      <h2>What would you like to know?</h2>
      <p>
        {agent.workspace === null ? (
          'The agent answers'
        ) : (
          <>
            The agent reads the files of <strong>{agent.workspace}</strong> and answers
          </>
        )}{' '}
        while you watch each step. Cut the connection at any moment: nothing gets lost.
      </p>
      <ul className="empty-conversation__examples" aria-label="Examples">
        {agent.examples.map((example) => (
          <li key={example}>
            <button type="button" data-testid="example" onClick={() => onAsk(example)}>
              {example}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
