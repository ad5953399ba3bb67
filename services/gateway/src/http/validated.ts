import type { z } from 'zod';
import { ProblemException } from './problem.js';

/** Reads a part of a request by its schema, or says where it is wrong, without echoing it. */
export function validated<S extends z.ZodType>(
  schema: S,
  value: unknown,
  where: 'body' | 'query' | 'path' | 'header',
): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, 20).map((issue) => ({
    path: [where, ...issue.path.map(String)].join('.').slice(0, 200),
    message: issue.message.slice(0, 300),
  }));
  const first = errors[0];
  throw new ProblemException({
    status: 400,
    code: 'request.invalid',
    detail:
      first === undefined
        ? `The ${where} is not valid.`
        : `The request is not valid: ${first.path}: ${first.message}.`,
    errors,
  });
}
