import { describe, expect, it } from 'vitest';
import { findDefinitions, rankDefinitions, splitWords, stem } from '../../server/agent/symbols/index.ts';

const definitionsIn = async (path: string, ...lines: string[]) => {
  const found = await findDefinitions(path, lines.join('\n'));
  return found ?? expect.fail(`${path} can be parsed`);
};
const namesIn = async (path: string, ...lines: string[]) =>
  (await definitionsIn(path, ...lines)).map(({ name, kind, line }) => `${line} ${kind} ${name}`);

describe('words', () => {
  it.each([
    ['getHTTPServer', 'get http server'],
    ['UnifiedWebSocketManager', 'unified web socket manager'],
    ['close_codes/CLOSE_CODES.ts', 'close codes close codes ts'],
    ['v2Parser', 'v2 parser'],
  ])('of %s', (text, words) => {
    expect(splitWords(text).join(' ')).toBe(words);
  });

  it.each([
    ['factories', 'factory'],
    ['classes', 'class'],
    ['connected', 'connection'],
    ['validates', 'validation'],
    ['stopped', 'stops'],
    ['managers', 'manager'],
  ])('%s meets %s', (a, b) => {
    expect(stem(a)).toBe(stem(b));
  });

  it.each([
    ['run', 'ran'],
    ['user', 'use case'],
    ['event', 'even'],
  ])('%s does not meet %s', (a, b) => {
    expect(stem(a)).not.toBe(stem(b));
  });
});

describe('definitions in TypeScript', () => {
  it('takes the overloads of a function for one definition, and two functions of a name for two', async () => {
    const lines = [
      'export function one(a: string): string;',
      'export function one(a: number): number;',
      'export function one(a: unknown) { return a; }',
      'class A { two(a: string): void; two(a: unknown) {} }',
      'class B { two() {} }',
      'class C { two() {} }',
    ];
    expect(await namesIn('a.ts', ...lines)).toEqual([
      '1 function one',
      '4 class A',
      '4 method two',
      '5 class B',
      '5 method two',
      '6 class C',
      '6 method two',
    ]);
  });

  it('finds each kind', async () => {
    expect(
      await namesIn(
        'a.ts',
        'export function one() {}',
        'export default async function* two() {}',
        'export abstract class Three<T> {',
        '  static #four = 4;',
        '  async five(): Promise<void> {',
        '    if (true) { six(); }',
        '  }',
        '  get seven() { return 7; }',
        '  #eight<T>(',
        '    value: T,',
        '  ): void {}',
        '  readonly bound = () => 8;',
        '  constructor() {}',
        '}',
        'export interface Nine {}',
        'type Ten = string;',
        'export const enum Eleven {}',
        'export const twelve = () => 12;',
        'declare namespace Thirteen {}',
      ),
    ).toEqual([
      '1 function one',
      '2 function two',
      '3 class Three',
      '5 method five',
      '8 method seven',
      '9 method #eight',
      '12 method bound',
      '15 interface Nine',
      '16 type Ten',
      '17 enum Eleven',
      '18 const twelve',
      '19 module Thirteen',
    ]);
  });

  it('is not taken in by what only looks like one', async () => {
    expect(
      await namesIn(
        'a.ts',
        '// export function comment() {}',
        '/* class Block {}',
        'export class Block2 {} */',
        'const text = `',
        'export function inTemplate() {}',
        '${call({ a: `',
        'class Nested {}',
        '` })}',
        'export class StillTemplate {}',
        '`;',
        "const quote = 'function inQuote() {';",
        'const pattern = /[`"/]/; export function afterPattern() {}',
        'const ratio = 4 / 2; function afterDivision() { const inside = 1; }',
        'export function real() {}',
      ),
    ).toEqual([
      '4 const text',
      '11 const quote',
      '12 const pattern',
      '12 function afterPattern',
      '13 const ratio',
      '13 function afterDivision',
      '14 function real',
    ]);
  });

  it.each([
    ['a.tsx', "export const Row = () => <p>{/* function no() {} */}it's</p>;\nfunction yes() {}"],
    ['a.jsx', "export const Row = () => <p>it's</p>;\nfunction yes() {}"],
    ['a.mjs', "export const Row = () => <p>it's</p>;\nfunction yes() {}"],
    ['a.cjs', 'const Row = 1; return;\nfunction yes() {}'],
    ['a.d.ts', 'declare const Row: number;\nfunction yes(): void;'],
    ['a.ts', 'const Row = <T>(x: T) => x;\r\nfunction yes() {}'],
  ])('reads %s: %j', async (path, text) => {
    expect(await namesIn(path, text)).toEqual(['1 const Row', '2 function yes']);
  });

  it('knows what a file exports further down', async () => {
    const found = await definitionsIn('a.ts', 'class A { b() {} }', 'const b = 1, c = 2;', 'export { A as B, b };');
    expect(found.map(({ name, kind, exported }) => `${kind} ${name} ${exported}`)).toEqual([
      'class A true',
      'method b false',
      'const b true',
      'const c false',
    ]);
  });

  it('gives nothing for a file that cannot be parsed, or that a program wrote', async () => {
    expect(await findDefinitions('a.ts', 'export function a() {')).toBeUndefined();
    expect(await findDefinitions('a.ts', 'export const a = 1;\n'.repeat(20_000))).toBeUndefined();
    expect(await namesIn('a.ts', '', '// nothing')).toEqual([]);
    expect(await namesIn('a.js', `function a() {}${' '.repeat(400)}`, 'function b() {}')).toEqual(['2 function b']);
  });

  it('takes the comment above, the signature, and whether it is exported', async () => {
    const [definition] = await definitionsIn(
      'a.ts',
      '/** Not mine. */',
      '',
      '/**',
      ' * Makes a {@link Shop}.',
      ' *',
      ' * @throws never',
      ' */',
      'export function createShop(',
      '  name: string,',
      '): Shop {',
      '}',
    );
    expect(definition).toMatchObject({
      name: 'createShop',
      line: 8,
      exported: true,
      doc: 'Makes a Shop. @throws never',
      signature: 'export function createShop( name: string, ): Shop',
    });
  });
});

describe('definitions in other languages', () => {
  it.each([
    [
      'a.py',
      ['class A(B):', '    def m(self):', 'async def f():', 'LIMIT = 3', 'x = 1'],
      '1 class A|2 method m|3 function f|4 const LIMIT',
    ],
    [
      'a.go',
      ['type S struct {', 'func (s *S) M() {', 'func F() {', 'type I interface {'],
      '1 type S|2 method M|3 function F|4 interface I',
    ],
    [
      'a.rs',
      ['pub struct S;', 'pub async fn f() {', 'trait T {', 'enum E {'],
      '1 class S|2 function f|3 interface T|4 enum E',
    ],
    [
      'A.java',
      ['public final class A {', '  public static List<String> m(int x) {', 'interface I {'],
      '1 class A|2 method m|3 interface I',
    ],
    ['a.rb', ['module M', 'class C', '  def ask?'], '1 module M|2 class C|3 function ask?'],
    ['a.sh', ['build() {', 'function test_it() {'], '1 function build|2 function test_it'],
    [
      'a.c',
      ['#define MAX 3', 'static int add(int a) {', 'struct point {', '  return add(1);'],
      '1 const MAX|2 function add|3 class point',
    ],
    ['a.txt', ['class Not {}'], ''],
  ])('%s', async (path, lines, expected) => {
    expect((await namesIn(path, ...lines)).join('|')).toBe(expected);
  });
});

describe('which definition is meant', () => {
  const sources = [
    ['src/shop.ts', '/** Where things are sold. */\nexport class Shop {}\nexport class WebShopClerk {}\n'],
    ['src/get-clerk.ts', 'export function getWebShopClerk(name: string): WebShopClerk {}\n'],
    ['src/open-shop.ts', '/** @deprecated */\nexport function openShop(): Shop {}\nexport const SHOP_LIMITS = {};\n'],
    ['src/limits.ts', 'export interface ShopLimitInfo {}\n'],
    ['test/clerk.test.ts', '/** The clerk factory. */\nfunction createClerk() {}\n'],
    ['src/parse.ts', 'export function parseOrder(text: string): Order {}\nexport interface Order {}\n'],
  ] as const;
  const definitions = Promise.all(sources.map(([path, text]) => definitionsIn(path, text))).then((all) => all.flat());
  const best = async (query: string) => rankDefinitions(query, await definitions)[0]?.definition.name;

  it.each([
    ['Shop', 'Shop'],
    ['openShop', 'openShop'],
    ['OPENSHOP', 'openShop'],
    ['clerk factory', 'getWebShopClerk'],
    ['the webshop clerk class', 'WebShopClerk'],
    ['shop limits', 'SHOP_LIMITS'],
    ['the limit interface', 'ShopLimitInfo'],
    ['order parser', 'parseOrder'],
    ['order', 'Order'],
    ['where things get sold', 'Shop'],
    ['clerk factory in tests', 'createClerk'],
  ])('%s: %s', async (query, name) => {
    expect(await best(query)).toBe(name);
  });

  it('is none where no word fits', async () => {
    expect(rankDefinitions('quantum flux', await definitions)).toEqual([]);
    expect(rankDefinitions('', await definitions)).toEqual([]);
  });
});
