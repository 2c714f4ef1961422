import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEventInput } from '../src/index.ts';
import { findJsonLoss } from '../src/lossless-json.ts';

/** A payload whose type has room for whatever an application without types hands over. */
const payload = (value: unknown) => ({ list: [1, { value }] }) as unknown as Parameters<typeof findJsonLoss>[0];

class Invoice {
  readonly cents = 5;
  total(): number {
    return this.cents;
  }
}

const itself: Record<string, unknown> = {};
itself['again'] = itself;

describe('what JSON would change', () => {
  it.each([
    [NaN, 'must be a finite number, got NaN'],
    [-Infinity, 'must be a finite number, got -Infinity'],
    [2 ** 53, 'send it as a string'],
    [-(2 ** 60), 'send it as a string'],
    [10n, 'must not be a bigint'],
    [new Map([['a', 1]]), 'got Map'],
    [new Set([1]), 'got Set'],
    [new Error('x'), 'got Error'],
    [/x/, 'got RegExp'],
    [new Uint8Array(2), 'got Uint8Array'],
    [Promise.resolve(1), 'got Promise'],
    [() => 1, 'got function'],
    [Symbol('x'), 'got symbol'],
    [[undefined], 'got undefined'],
    [new Date(NaN), 'must be a valid date'],
  ])('is refused, and its place is named: %s', (value, message) => {
    const loss = findJsonLoss(payload(value));
    expect(loss?.message).toContain(message);
    expect(loss?.field).toMatch(/^list\.1\.value/);
  });

  it.each([
    [Number.MAX_SAFE_INTEGER],
    [0.1],
    [5e-324],
    [new Date(0)],
    [new URL('https://example.com')],
    [new Invoice()],
    [Object.create(null)],
    [undefined],
    ['\ud800'],
  ])('is nothing of this: %s', (value) => {
    expect(findJsonLoss(payload(value))).toBeUndefined();
  });

  it('is also an object that holds itself', () => {
    expect(findJsonLoss(payload(itself))?.message).toBe('is nested too deep, or holds itself');
  });

  it('is also what a getter throws', () => {
    const value = {
      get broken(): number {
        throw new Error('no');
      },
    };
    expect(findJsonLoss(payload(value))?.message).toBe('throws when it is read');
  });

  it('is found in whatever JavaScript can hold: what passes comes back equal', () => {
    const values = fc.anything({
      withBigInt: true,
      withDate: false,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    });
    const mayPass = fc.oneof(fc.jsonValue(), values);
    let passed = 0;
    fc.assert(
      fc.property(fc.dictionary(fc.string(), mayPass, { maxKeys: 3 }), (value) => {
        if (findJsonLoss(value as Parameters<typeof findJsonLoss>[0]) !== undefined) return;
        passed += 1;
        // JSON knows one zero, and leaves out what is undefined.
        const text = JSON.stringify(value);
        expect(JSON.stringify(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(
          JSON.parse(JSON.stringify(value, (_, item: unknown) => (Object.is(item, -0) ? 0 : item))),
        );
      }),
      { numRuns: 500 },
    );
    expect(passed).toBeGreaterThan(20);
  });
});

describe('the door for events', () => {
  it.each([
    ['agent_response_chunk', { delta: 'a', confidence: NaN }, 'field confidence'],
    ['tool_executing', { tool_call_id: 'c1', tool_name: 't', args: { big: 2 ** 53 } }, 'field args.big'],
    ['app.x', JSON.parse('{"id":2512292042121000001,"big":1e400}'), 'field id'],
  ])('refuses it in %s', (type, given: unknown, field) => {
    const result = parseEventInput({ type, run_id: 'r1', payload: given });
    expect(result).toMatchObject({ ok: false, code: 'INVALID_EVENT' });
    expect(result.ok ? '' : result.message).toContain(`${type} payload: ${field}: must `);
  });
});
