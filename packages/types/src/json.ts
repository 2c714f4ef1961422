/** Any value that JSON can carry. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A JSON object: the shape of every event payload. */
export type JsonObject = { readonly [key: string]: JsonValue };
