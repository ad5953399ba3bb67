/**
 * Waits for all, then throws the first error in the order of the list. Promise.all would throw as soon as one fails,
 * while statements that were sent with it are still running on the connection; and of statements sent together the
 * first error is the cause, the others only say that the transaction is aborted.
 */
export async function allOrFirstError<T extends readonly unknown[]>(
  items: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled(items);
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }) as { -readonly [K in keyof T]: Awaited<T[K]> };
}
