export type SymbolKind = 'function' | 'class' | 'interface' | 'type' | 'enum' | 'const' | 'method' | 'module';

export const SYMBOL_KINDS = [
  'function',
  'class',
  'interface',
  'type',
  'enum',
  'const',
  'method',
  'module',
] as const satisfies readonly SymbolKind[];

/** A place where a name is defined. */
export interface Definition {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** Whether other files can use it. */
  readonly exported: boolean;
  /** From the name to the body, on one line. */
  readonly signature: string;
  /** The comment that belongs to it, without its markers. */
  readonly doc: string;
}
