/** An event as somebody holds it: a reader of the log, or a client. */
export interface HeldEvent {
  readonly type: string;
  readonly offset: number;
  readonly event_id: string;
  readonly run_id?: string | undefined;
  /** So many consecutive deltas of one run joined into this one; `offset` is the last one's. */
  readonly merged?: number | undefined;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Every offset that `events` stand for, in the order they were held. */
export function offsetsOf(events: readonly Pick<HeldEvent, 'offset' | 'merged'>[]): readonly number[] {
  return events.flatMap(({ offset, merged = 1 }) => Array.from({ length: merged }, (_, n) => offset - merged + 1 + n));
}

/** What is wrong with a client's history, measured by what the log holds; `undefined` if it is the same, in order, each once. */
export function compareHistories(log: readonly HeldEvent[], held: readonly HeldEvent[]): string | undefined {
  const offsets = offsetsOf(held);
  const wrong = offsets.findIndex((offset, index) => offset !== log[index]?.offset);
  if (wrong >= 0) return `holds offset ${offsets[wrong]} where ${log[wrong]?.offset ?? 'the end'} was due`;
  if (offsets.length < log.length) return `ends at ${offsets.at(-1) ?? 0}, the log at ${log.at(-1)?.offset}`;
  let from = 0;
  for (const event of held) {
    const due = log.slice(from, from + (event.merged ?? 1));
    from += due.length;
    const difference = differs(event, due);
    if (difference !== undefined) return `event ${event.offset}: ${difference}`;
  }
  return undefined;
}

/** Runs that the log holds and that are not whole: begun and ended once, nothing after the end. */
export function brokenRuns(log: readonly HeldEvent[]): readonly string[] {
  const runs = new Map<string, string[]>();
  for (const { type, run_id } of log) {
    if (run_id === undefined) continue;
    const types = runs.get(run_id) ?? [];
    types.push(type);
    runs.set(run_id, types);
  }
  return [...runs].flatMap(([runId, types]) => {
    const isWhole = types[0] === 'agent_started' && types.indexOf('agent_completed') === types.length - 1;
    return isWhole ? [] : [`run ${runId} is ${types.at(0)} … ${types.slice(-3).join(', ')}`];
  });
}

function differs(event: HeldEvent, due: readonly HeldEvent[]): string | undefined {
  const last = due.at(-1);
  if (last === undefined) return 'there is none in the log';
  if (event.event_id !== last.event_id) return `is ${event.event_id}, the log has ${last.event_id}`;
  if (event.type !== last.type || event.run_id !== last.run_id) return `is ${event.type}, the log has ${last.type}`;
  const payload = due.length === 1 ? last.payload : { delta: due.map((one) => String(one.payload['delta'])).join('') };
  const [held, logged] = [JSON.stringify(event.payload), JSON.stringify(payload)];
  return held === logged ? undefined : `has ${held.slice(0, 200)}, the log ${logged.slice(0, 200)}`;
}
