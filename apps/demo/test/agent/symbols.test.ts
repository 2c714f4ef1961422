import { describe, expect, it } from 'vitest';
import { findDefinitions, rankDefinitions, splitWords, stem } from '../../server/agent/symbols/index.ts';
import { maskTypeScript } from '../../server/agent/symbols/mask-typescript.ts';

const namesIn = (path: string, ...lines: string[]) =>
  findDefinitions(path, lines.join('\n')).map(({ name, kind, line }) => `${line} ${kind} ${name}`);

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
  it('finds each kind', () => {
    expect(
      namesIn(
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
      '13 interface Nine',
      '14 type Ten',
      '15 enum Eleven',
      '16 const twelve',
      '17 module Thirteen',
    ]);
  });

  it('is not taken in by what only looks like one', () => {
    expect(
      namesIn(
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
        'const ratio = 4 / 2; function afterDivision() {}',
        'export function real() {}',
      ),
    ).toEqual(['4 const text', '11 const quote', '12 const pattern', '13 const ratio', '14 function real']);
  });

  it('keeps every line where it was when it masks', () => {
    const source = 'a `x\n${b("}\\"")}\n` /* c\n */ d // e\nf';
    const masked = maskTypeScript(source);
    expect(masked).toHaveLength(source.length);
    expect(masked.match(/\n/g)).toHaveLength(4);
    expect(masked).not.toContain('c');
    expect(masked).not.toContain('e');
    expect(masked).toMatch(/a[^]*b\([^]*d[^]*f/);
  });

  it('takes the comment above, the signature, and whether it is exported', () => {
    const [definition] = findDefinitions(
      'a.ts',
      [
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
      ].join('\n'),
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
  ])('%s', (path, lines, expected) => {
    expect(namesIn(path, ...lines).join('|')).toBe(expected);
  });
});

describe('which definition is meant', () => {
  const definitions = [
    ...findDefinitions(
      'src/shop.ts',
      '/** Where things are sold. */\nexport class Shop {}\nexport class WebShopClerk {}\n',
    ),
    ...findDefinitions('src/get-clerk.ts', 'export function getWebShopClerk(name: string): WebShopClerk {}\n'),
    ...findDefinitions(
      'src/open-shop.ts',
      '/** @deprecated */\nexport function openShop(): Shop {}\nexport const SHOP_LIMITS = {};\n',
    ),
    ...findDefinitions('src/limits.ts', 'export interface ShopLimitInfo {}\n'),
    ...findDefinitions('test/clerk.test.ts', '/** The clerk factory. */\nfunction createClerk() {}\n'),
    ...findDefinitions(
      'src/parse.ts',
      'export function parseOrder(text: string): Order {}\nexport interface Order {}\n',
    ),
  ];
  const best = (query: string) => rankDefinitions(query, definitions)[0]?.definition.name;

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
  ])('%s: %s', (query, name) => {
    expect(best(query)).toBe(name);
  });

  it('is none where no word fits', () => {
    expect(rankDefinitions('quantum flux', definitions)).toEqual([]);
    expect(rankDefinitions('', definitions)).toEqual([]);
  });
});
