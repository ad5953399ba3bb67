import { z } from 'zod';
import { IdempotencyKey } from '../http/requests.js';
import { ProblemBody } from './bodies.js';
import { ROUTES, type Route } from './routes.js';

type Json = Readonly<Record<string, unknown>>;

/** The API described as OpenAPI 3.1, made from the schemas that validate it. */
export function openApiDocument(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of ROUTES) (paths[route.path] ??= {})[route.method] = operationOf(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Gantry',
      version: '1',
      description:
        'Deployments of RPMs to fleets configured by Puppet. Every command may carry an Idempotency-Key; repeating it with the same key is safe. Whatever is not a success is problem+json.',
    },
    servers: [{ url: '/api/v1' }],
    paths,
    components: { schemas: { Problem: schemaOf(ProblemBody, 'output') } },
  };
}

function operationOf(route: Route): Json {
  return {
    operationId: route.id,
    summary: route.summary,
    parameters: parametersOf(route),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
          },
        }),
    responses: responsesOf(route),
  };
}

function parametersOf({ params, query, method, answer }: Route): Json[] {
  return [
    ...fields(params).map(([name, schema]) => parameter('path', name, schema, true)),
    ...fields(query).map(([name, schema]) => parameter('query', name, schema, false)),
    ...(method === 'post' ? [parameter('header', 'Idempotency-Key', IdempotencyKey, false)] : []),
    ...(answer === 'events' ? [parameter('header', 'Last-Event-ID', z.string(), false)] : []),
  ];
}

const fields = (object: z.ZodObject | undefined): [string, z.ZodType][] =>
  Object.entries(object?.shape ?? {}).map(([name, schema]) => [name, schema as z.ZodType]);

function parameter(place: string, name: string, schema: z.ZodType, required: boolean): Json {
  return { name, in: place, required, schema: schemaOf(schema, 'input') };
}

function responsesOf({ answer, success, problems }: Route): Json {
  const content =
    answer === 'events'
      ? { 'text/event-stream': { schema: { type: 'string' } } }
      : { 'application/json': { schema: schemaOf(answer, 'output') } };
  const problem = {
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  };
  const entries: [string, Json][] = [
    ...success.map((status): [string, Json] => [
      String(status),
      { description: 'Success', content },
    ]),
    ...problems.map((status): [string, Json] => [
      String(status),
      { description: 'Refused', content: problem },
    ]),
  ];
  return Object.fromEntries(entries);
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const json = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const entries: [string, unknown][] = Object.entries(json);
  // `$schema` belongs to a document, not to a part of one.
  return Object.fromEntries(entries.filter(([key]) => key !== '$schema'));
}
