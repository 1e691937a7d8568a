/** Which route a request is for: found by its method, by how many steps its path has, and by the first that differs. */
import type { Route } from './resource.ts';

/** The route of a path, with the ids in it; of two that fit, the one with fewer names. */
export type Routes = (method: string, path: string) => { route: Route; ids: Record<string, string> } | undefined;

type Pattern = { route: Route; steps: readonly string[] };

/** Sorted once: whoever asks walks only the few of its method and length. */
export function routesOf(routes: readonly Route[]): Routes {
  const byShape = new Map<string, Pattern[]>();
  for (const route of routes) {
    const steps = route.path.split('/');
    const shape = `${route.method} ${steps.length}`;
    byShape.set(shape, [...(byShape.get(shape) ?? []), { route, steps }]);
  }
  // Sorting keeps the order of those with as many names: the first of them goes first.
  for (const patterns of byShape.values()) patterns.sort((a, b) => namesIn(a) - namesIn(b));
  return (method, path) => {
    const parts = path.split('/');
    const found = byShape.get(`${method} ${parts.length}`)?.find(({ steps }) => fits(steps, parts));
    return found === undefined ? undefined : { route: found.route, ids: idsOf(found.steps, parts) };
  };
}

const isName = (step: string): boolean => step.startsWith(':');
const namesIn = ({ steps }: Pattern): number => steps.filter(isName).length;

const fits = (steps: readonly string[], parts: readonly string[]): boolean =>
  steps.every((step, at) => (isName(step) ? parts[at] !== '' : step === parts[at]));

function idsOf(steps: readonly string[], parts: readonly string[]): Record<string, string> {
  const ids: Record<string, string> = {};
  for (const [at, step] of steps.entries()) if (isName(step)) ids[step.slice(1)] = decodeURIComponent(parts[at] ?? '');
  return ids;
}
