/** Throws where something that must always hold does not: that is a bug, never input. */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`bug: ${what}`);
}
