import { z } from 'zod';

const Sample = z.tuple([z.number(), z.string()]);
const Answer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({
        resultType: z.literal('vector'),
        result: z.array(z.object({ value: Sample })),
      }),
      z.object({ resultType: z.literal('scalar'), result: Sample }),
    ]),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
]);

/** What an evaluation of a query gave: one value per series. */
export type Evaluation =
  | { readonly kind: 'values'; readonly values: readonly number[] }
  | { readonly kind: 'missing'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

/** Reads an answer of `/api/v1/query`. A value that is not a number is missing, not zero. */
export function readAnswer(status: number, body: string): Evaluation {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { kind: 'missing', why: `HTTP ${status}, and no JSON` };
  }
  const answer = Answer.safeParse(json);
  if (!answer.success)
    return { kind: 'missing', why: `HTTP ${status}, and not an answer with a vector or scalar` };
  if (answer.data.status === 'error') {
    // A query that cannot be read stays so; a server that is overloaded does not.
    const kind = status === 400 || status === 422 ? 'refused' : 'missing';
    return { kind, why: `the server said: ${answer.data.error.slice(0, 300)}` };
  }
  return valuesOf(answer.data.data);
}

function valuesOf(
  data: Extract<z.infer<typeof Answer>, { readonly status: 'success' }>['data'],
): Evaluation {
  const samples =
    data.resultType === 'vector' ? data.result.map(({ value }) => value) : [data.result];
  const values = samples.map(([, text]) => numberOf(text));
  if (values.length === 0) return { kind: 'missing', why: 'the query gives no series' };
  if (values.some(Number.isNaN)) return { kind: 'missing', why: 'the query gives NaN' };
  return { kind: 'values', values };
}

function numberOf(text: string): number {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return text.trim() === '' ? Number.NaN : Number(text);
}
