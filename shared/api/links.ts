/**
 * What one can do next with what an answer names: OpenAPI's links. They follow from the registry: a field whose schema is
 * the very one of a path's parameter gives that parameter.
 */
import * as z from 'zod';
import type { Route } from './route.ts';

export type Link = { operationId: string; parameters: Readonly<Record<string, string>> };
type Place = { name: string; pointer: string; schema: unknown };

/**
 * Links of one of a route's answers, by the id of the route they lead to. Routes that only read lead nowhere: who reads one
 * thing has its id already, and a list may be empty.
 */
export function linksOf(route: Route, answer: z.ZodType, routes: readonly Route[]): Record<string, Link> {
  if (route.method === 'GET') return {};
  const places = placesIn(answer);
  const links: Record<string, Link> = {};
  for (const target of routes) {
    const parameters = target.id === route.id ? undefined : parametersOf(route, target, places);
    if (parameters !== undefined) links[target.id] = { operationId: target.id, parameters };
  }
  return links;
}

/** Where each parameter of a target comes from: one at least from the answer, the others from the path of the call. */
function parametersOf(route: Route, target: Route, places: readonly Place[]): Record<string, string> | undefined {
  const given = route.params?.shape ?? {};
  const found = Object.entries(target.params?.shape ?? {}).map(([name, schema]) => {
    if (name in given) return [name, `$request.path.${name}`] as const;
    const place = places.find((one) => one.schema === schema && (one.name === 'id' || one.name === name));
    return place === undefined ? undefined : ([name, `$response.body#${place.pointer}`] as const);
  });
  const known = found.filter((entry) => entry !== undefined);
  const isNew = known.some(([, from]) => from.startsWith('$response'));
  return known.length === found.length && isNew ? Object.fromEntries(known) : undefined;
}

/** The fields of an answer; of a list those of its first entry. What only refers to a thing beside an `id` is left out. */
function placesIn(schema: unknown, pointer = ''): Place[] {
  const of = unwrapped(schema);
  if (of instanceof z.ZodArray) return placesIn(of.element, `${pointer}/0`);
  if (!(of instanceof z.ZodObject)) return [];
  const fields = Object.entries(of.shape).filter(([name]) => name === 'id' || !('id' in of.shape));
  return fields.flatMap(([name, field]) => {
    const at = `${pointer}/${name}`;
    return [{ name, pointer: at, schema: unwrapped(field) }, ...placesIn(field, at)];
  });
}

function unwrapped(schema: unknown): unknown {
  let at = schema;
  while (at instanceof z.ZodOptional || at instanceof z.ZodNullable) at = at.unwrap();
  return at;
}
