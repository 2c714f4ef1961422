import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { note, wholeRun } from '../support/events.ts';
import { call, mustPublish, tokenFor } from '../support/http.ts';
import { Peer } from '../support/peer.ts';
import { useService } from '../support/service.ts';
import { upgrade } from '../support/upgrade.ts';

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

const read = (name: string): string =>
  readFileSync(new URL(`../../../../docs/deploy/${name}`, import.meta.url), 'utf8');
const { panels } = JSON.parse(read('grafana-dashboard.json')) as { readonly panels: readonly Panel[] };

/** The metrics that an expression names, `_bucket`, `_sum` and `_count` included. */
function metricsIn(expression: string): readonly string[] {
  return expression.match(/\b(ws|nodejs|process)_[a-z0-9_]+/g) ?? [];
}

describe('what is said about metrics is true of a live server', () => {
  const service = useService();

  async function exported(): Promise<ReadonlySet<string>> {
    // Some of everything, so that what has labels has samples.
    const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, 'alice') });
    await mustPublish(service.url, 'alice', [...wholeRun('r1'), note(1)]);
    await peer.frame('app.note');
    await peer.close();
    await upgrade(service.url, { headers: { 'Sec-WebSocket-Protocol': undefined } });
    const { text } = await call(`${service.url}/metrics`);
    return new Set(text.split('\n').flatMap((line) => /^([a-z0-9_]+)[{ ]/.exec(line)?.[1] ?? []));
  }

  it('every metric of the dashboard and of the alerts is exported', async () => {
    const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const rules = read('prometheus-rules.yaml')
      .split('\n')
      .filter((line) => line.includes('expr:'));
    const named = new Set([...expressions, ...rules].flatMap(metricsIn));
    expect(expressions.length).toBeGreaterThan(25);
    expect(rules.length).toBeGreaterThan(3);
    const names = await exported();
    expect([...named].filter((name) => !names.has(name))).toEqual([]);
  });

  it.each([
    'ws_limit_refusals_total',
    'ws_connections_rate_limited_total',
    'ws_connections_unauthenticated',
    'ws_upgrades_refused_total',
    'ws_connections_lagged_total',
    'ws_runs_interrupted_total',
    'ws_log_write_ahead_bytes',
  ])('the dashboard shows what limits and the log do: %s', (name) => {
    const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(expressions.filter((expression) => metricsIn(expression).includes(name))).not.toEqual([]);
  });

  it('a limit that was never reached is a zero', async () => {
    const { text } = await call(`${service.url}/metrics`);
    const limits = [
      'sockets',
      'sockets_per_address',
      'connections_per_address',
      'publish_rate',
      'json_depth',
      'open_runs',
    ];
    for (const limit of limits) {
      expect(text).toContain(`ws_limit_refusals_total{limit="${limit}"} 0`);
    }
  });

  it('panels do not lie on each other', () => {
    const places = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
    );
    expect(new Set(places).size).toBe(places.length);
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
  });
});
