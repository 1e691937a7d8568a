/** Finds the route of a call as API Gateway does: literal path parts before parameters, for routes that take the method. */
import { servedRoutes } from './registry.ts';
import type { Method, Route } from './route.ts';

export type Match =
  | { route: Route; params: Record<string, string> }
  | { methodNotAllowed: true; allow: readonly Method[] };

type Leaf = { route: Route; names: readonly string[] };
type Branch = { literal: Map<string, Branch>; parameter: Branch | undefined; leaves: Map<Method, Leaf> };

const newBranch = (): Branch => ({ literal: new Map(), parameter: undefined, leaves: new Map() });

/** The tree of paths, built once per list of routes. */
export function matcherOf(list: readonly Route[]): (method: string, path: string) => Match | undefined {
  const root = newBranch();
  for (const route of list) {
    let at = root;
    const names: string[] = [];
    for (const part of route.path.slice(1).split('/')) {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined) at = childOf(at, part);
      else {
        names.push(name);
        at.parameter ??= newBranch();
        at = at.parameter;
      }
    }
    if (at.leaves.has(route.method)) throw new Error(`two routes for ${route.method} ${route.path}`);
    at.leaves.set(route.method, { route, names });
  }
  return (method, path) => find(root, method === 'HEAD' ? 'GET' : method, path);
}

function childOf(branch: Branch, part: string): Branch {
  const known = branch.literal.get(part);
  if (known !== undefined) return known;
  const child = newBranch();
  branch.literal.set(part, child);
  return child;
}

function find(root: Branch, method: string, path: string): Match | undefined {
  if (!path.startsWith('/')) return undefined;
  const parts = path.slice(1).split('/');
  const allow = new Set<Method>();
  const values: string[] = [];
  const walk = (branch: Branch, depth: number): Leaf | undefined => {
    const part = parts[depth];
    if (part === undefined) {
      for (const known of branch.leaves.keys()) allow.add(known);
      return branch.leaves.get(method as Method);
    }
    const literal = branch.literal.get(part);
    const found = literal === undefined ? undefined : walk(literal, depth + 1);
    if (found !== undefined || branch.parameter === undefined || part === '') return found;
    values.push(part);
    const below = walk(branch.parameter, depth + 1);
    if (below === undefined) values.pop();
    return below;
  };
  const leaf = walk(root, 0);
  if (leaf === undefined) return allow.size === 0 ? undefined : { methodNotAllowed: true, allow: [...allow].sort() };
  const params: Record<string, string> = {};
  for (const [i, name] of leaf.names.entries()) {
    const value = decoded(values[i] ?? '');
    // What is not valid percent-encoding names nothing.
    if (value === undefined) return undefined;
    params[name] = value;
  }
  return { route: leaf.route, params };
}

function decoded(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * The route of a call with its decoded parameters; or that the path takes other methods; or undefined where nothing is
 * served. `path` is percent-encoded, without query. HEAD finds the GET route.
 */
export const matchRoute = matcherOf(servedRoutes);
