/** Values in the order in which they come; then, if any failed, the first failure. */
export async function* asTheyArrive<T>(tasks: readonly Promise<T>[]): AsyncGenerator<T, void, void> {
  type Outcome = { readonly index: number } & ({ readonly value: T } | { readonly error: unknown });
  const pending = new Map<number, Promise<Outcome>>(
    tasks.map((task, index) => [index, task.then((value) => ({ index, value }), (error: unknown) => ({ index, error }))]),
  );
  const failures: unknown[] = [];
  while (pending.size > 0) {
    const outcome = await Promise.race(pending.values());
    pending.delete(outcome.index);
    if ('value' in outcome) yield outcome.value;
    else failures.push(outcome.error);
  }
  if (failures.length > 0) throw failures[0];
}
