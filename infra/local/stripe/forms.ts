/** Form bodies and queries with brackets, as Stripe reads them: `a[0][b]=1`, `a[]=1`, `a[b]=1`. */
import { invalid } from './errors.ts';

export type Form = { [name: string]: Value };
type Value = string | Form | Value[];
/** A tree while it is built; what has only numbers for names becomes a list. */
type Branch = Map<string, string | Branch>;

const DEEPEST = 12;

/** The tree that a form describes; refuses as Stripe where a name makes no sense. */
export function parseForm(text: string): Form {
  const root: Branch = new Map();
  for (const [name, value] of new URLSearchParams(text)) place(root, pathOf(name), name, value);
  const built = build(root);
  return typeof built === 'object' && !Array.isArray(built) ? built : Object.fromEntries(Object.entries(built));
}

function pathOf(name: string): string[] {
  const first = name.indexOf('[');
  if (first < 0) return [name];
  const rest = name.slice(first);
  const parts = [...rest.matchAll(/\[([^[\]]*)\]/g)];
  if (first === 0 || parts.map(([whole]) => whole).join('') !== rest || parts.length > DEEPEST)
    throw invalid(`Invalid parameter name: ${name}`, { param: name });
  return [name.slice(0, first), ...parts.map(([, inner = '']) => inner)];
}

function place(root: Branch, path: readonly string[], name: string, value: string): void {
  let at = root;
  for (const [depth, step] of path.entries()) {
    const key = step === '' && depth > 0 ? String(at.size) : step;
    if (depth === path.length - 1) {
      if (at.get(key) instanceof Map)
        throw invalid(`Invalid parameter: ${name} is both a value and a hash`, { param: name });
      at.set(key, value);
      return;
    }
    let next = at.get(key);
    if (next === undefined) {
      next = new Map();
      at.set(key, next);
    }
    if (typeof next === 'string')
      throw invalid(`Invalid parameter: ${name} is both a value and a hash`, { param: name });
    at = next;
  }
}

function build(branch: Branch): Value {
  const entries = [...branch].map(([key, value]) => [key, typeof value === 'string' ? value : build(value)] as const);
  const isList = entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key));
  if (isList) return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value);
  return Object.fromEntries(entries);
}
