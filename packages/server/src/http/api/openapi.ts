import { STATUS_CODES } from 'node:http';
import type { JsonSchema } from '@valibot/to-json-schema';
import { ERROR_CODES, type ErrorCode } from '@ws/types';
import { problemSchema } from './answer-schemas.ts';
import { snakeCase } from '../snake-case.ts';
import type { Answer, Operation } from './operation.ts';
import { toJsonSchema } from './to-json-schema.ts';

/** A document of OpenAPI 3.1. */
export type OpenApiDocument = Readonly<Record<string, unknown>>;

const DESCRIPTION = `Publishes events to users, reads their streams, and does over HTTP what the WebSocket protocol
\`agent-events.v1\` does. Failed requests are answered with problem details (RFC 9457).`;

/** What any call may be answered with. */
const ALWAYS: readonly ErrorCode[] = ['BAD_REQUEST', 'RATE_LIMITED', 'INTERNAL'];

/** Describes operations, by the schemas that their routes check with. */
export function openApiDocument(operations: readonly Operation[], version: string): OpenApiDocument {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = describedPath(operation);
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Agent event streams',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        api_key: { type: 'http', scheme: 'bearer', description: 'API key of a back end, with a scope' },
        api_key_header: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        user_token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'token of a user' },
        ticket: { type: 'apiKey', in: 'query', name: 'ticket', description: 'single-use ticket of a user' },
      },
      schemas: { Problem: toJsonSchema(problemSchema) },
    },
  };
}

/** The path as it is described: `/v1/users/{user_id}/events`. */
export function describedPath({ path }: Operation): string {
  return path.replace(/:(\w+)/g, (_, name: string) => `{${snakeCase(name)}}`);
}

function describe(operation: Operation): object {
  const { id, tag, summary, description, access, body, bodyDescribed = body, bodyExample } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf(access),
    parameters: parametersOf(operation),
    ...(bodyDescribed === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: toJsonSchema(bodyDescribed),
                ...(bodyExample === undefined ? {} : { example: bodyExample }),
              },
            },
          },
        }),
    responses: { ...answersOf(operation), ...problemsOf(operation) },
  };
}

function securityOf(access: Operation['access']): readonly object[] {
  const scope = access.find((one) => one !== 'user');
  return [
    ...(scope === undefined ? [] : [{ api_key: [scope] }, { api_key_header: [scope] }]),
    ...(access.includes('user') ? [{ user_token: [] }, { ticket: [] }] : []),
  ];
}

function parametersOf({ path, query, headers = {} }: Operation): readonly object[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name: snakeCase(name),
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1, maxLength: 128 },
  }));
  const { properties = {}, required = [] } = query === undefined ? {} : toJsonSchema(query);
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: schema as JsonSchema,
  }));
  const inHeaders = Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
  return [...inPath, ...inQuery, ...inHeaders];
}

function answersOf({ answers }: Operation): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries<Answer>(answers).map(([status, answer]) => [status, describeAnswer(answer)]),
  );
}

function describeAnswer({ description, content }: Answer): object {
  if (content === undefined) return { description };
  const described = Object.entries(content).map(([type, schema]) => [type, { schema: toJsonSchema(schema) }]);
  return { description, content: Object.fromEntries(described) as object };
}

/** The problems of an operation, by status: each names the codes it may carry. */
function problemsOf({ access, errors, answers }: Operation): Readonly<Record<string, object>> {
  const needsCredential: readonly ErrorCode[] =
    access.length === 0 ? [] : ['CREDENTIAL_MISSING', 'CREDENTIAL_INVALID', 'FORBIDDEN'];
  const codes = [...new Set([...needsCredential, ...errors, ...ALWAYS])].sort();
  const statuses = [...new Set(codes.map((code) => ERROR_CODES[code].status))].filter((status) => !(status in answers));
  const of = (status: number) => codes.filter((code) => ERROR_CODES[code].status === status);
  return Object.fromEntries(statuses.map((status) => [status, describeProblem(status, of(status))]));
}

function describeProblem(status: number, codes: readonly ErrorCode[]): object {
  return {
    description: `${STATUS_CODES[status] ?? 'Error'}: ${codes.map((code) => `\`${code}\``).join(', ')}`,
    ...(codes.some((code) => ERROR_CODES[code].retry) && status >= 429
      ? { headers: { 'Retry-After': { description: 'seconds', schema: { type: 'integer' } } } }
      : {}),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}
