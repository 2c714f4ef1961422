import { judge, type Claim } from '../support/claim.ts';
import { request, tokenFor } from '../support/http.ts';
import { DEMO, makeTempFolder } from '../support/places.ts';
import { Server } from '../support/server.ts';
import { rounded } from '../support/statistics.ts';
import { Wire } from '../support/wire.ts';

const LIMIT_MS = 5_000;
/** Time for one answer: one of the examples is an answer at the pace of a demonstration. */
const PATIENCE_MS = 240_000;

/** A user who approves whatever is asked, at once: the agent waits for the user then, and not the other way round. */
function approve(wire: Wire, frames: Wire['frames'], answered: Set<unknown>): void {
  for (const { type, run_id, payload } of frames) {
    if (type !== 'tool_approval_requested') continue;
    const { tool_call_id } = payload as { readonly tool_call_id: string };
    if (answered.has(tool_call_id)) continue;
    answered.add(tool_call_id);
    wire.say({ type: 'tool_approval', run_id, tool_call_id, approved: true });
  }
}

export const silence: Claim = {
  id: 'silence',
  claim: `While the agent works its user never waits ${LIMIT_MS} ms without a sign of it`,
  source: 'Asked for by the tests of the first system: no silence over 5 s while an agent works',
  async run({ progress }) {
    using folder = makeTempFolder();
    await using server = await Server.start({ folder: folder.path, main: DEMO });
    const { body } = await request(`${server.url}/dev/agent`);
    const questions = (body['examples'] as readonly string[] | undefined) ?? [];
    const wire = await Wire.open(server.url, { token: await tokenFor(server.url, 'alice') });
    let longest = 0;
    let events = 0;
    for (const [n, text] of questions.entries()) {
      progress(`asks: ${text}`);
      const seen = wire.frames.length;
      const askedAt = performance.now();
      wire.say({ type: 'user_message', message_id: `m${n}`, thread_id: `t${n}`, payload: { text } });
      const isEnd = ({ type }: { readonly type: string }): boolean => type === 'agent_completed';
      const answered = new Set<unknown>();
      await wire.until(
        () => {
          const frames = wire.frames.slice(seen);
          approve(wire, frames, answered);
          return frames.some(isEnd);
        },
        `the answer to “${text}”`,
        PATIENCE_MS,
      );
      const times = [askedAt, ...wire.arrivedAt.slice(seen)];
      events += times.length - 1;
      longest = Math.max(longest, ...times.slice(1).map((time, index) => time - (times[index] ?? time)));
    }
    wire.close();
    const wrong = longest > LIMIT_MS ? [`${rounded(longest)} ms without a frame`] : [];
    if (questions.length === 0) wrong.push('the agent names no questions to try');
    return judge(wrong, { questions: questions.length, frames: events, 'longest silence ms': rounded(longest) }, [
      'every example question of the demo agent, by rules; from the question and between any two frames until the end',
      'a tool that works for longer says nothing by itself: its agent has to tell',
    ]);
  },
};
