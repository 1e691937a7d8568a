/** What the SDK says of Stripe's routes and objects, read from its own files: the authority that the stand-in is held to. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RESOURCES = join(ROOT, 'node_modules/stripe/esm/resources');
/** Objects as Stripe publishes them for its own mock; absent where the shared data is not at hand. */
const FIXTURES = join(ROOT, '../shared/data/stripe/fixtures3.json');

/** Every method and path of the SDK, such as `POST /v1/customers/:`. */
export function sdkRoutes(): ReadonlySet<string> {
  const files = readdirSync(RESOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const found = files.flatMap((name) => {
    const text = readFileSync(join(RESOURCES, name), 'utf8');
    return [...text.matchAll(/_makeRequest\('([A-Z]+)', [`']([^`']+)[`']/g)].map(
      ([, method = '', path = '']) => `${method} ${path.replaceAll(/\$\{[^}]*\}/g, ':')}`,
    );
  });
  return new Set(found);
}

export type Field = { name: string; isOptional: boolean };

/** The fields of an interface of the SDK, such as `Customer` in `Customers.d.ts`. */
export function sdkFields(file: string, name: string): Field[] {
  const text = readFileSync(join(RESOURCES, file), 'utf8');
  const body = new RegExp(`^( *)export interface ${name} \\{\\n([\\s\\S]*?)\\n\\1\\}`, 'm').exec(text)?.[2];
  if (body === undefined) throw new Error(`${file} has no interface ${name}`);
  return [...body.matchAll(/^ {4}([a-z_0-9]+)(\??): /gm)].map(([, field = '', sign]) => ({
    name: field,
    isOptional: sign === '?',
  }));
}

export const hasFixtures = existsSync(FIXTURES);
const fixtures = (): Record<string, Record<string, unknown>> =>
  (JSON.parse(readFileSync(FIXTURES, 'utf8')) as { resources: Record<string, Record<string, unknown>> }).resources;

/**
 * What is wrong with an object's keys: unknown to the SDK, missing though the SDK has them always, or missing though the
 * published object shows them. What only the published object has, the SDK no longer knows.
 */
export function wrongKeys(object: object, kind: string, file: string, name: string): string[] {
  const fields = sdkFields(file, name);
  const known = new Set(fields.map((field) => field.name));
  const has = (key: string) => Object.hasOwn(object, key);
  const unknown = Object.keys(object).filter((key) => !known.has(key) && key !== 'lastResponse');
  const required = fields.filter((field) => !field.isOptional && !has(field.name)).map((field) => field.name);
  const shown = hasFixtures ? Object.keys(fixtures()[kind] ?? {}) : [];
  const published = shown.filter((key) => known.has(key) && !has(key) && !required.includes(key));
  return [
    ...unknown.map((key) => `${kind}.${key}: the SDK does not know it`),
    ...required.map((key) => `${kind}.${key}: the SDK has it always`),
    ...published.map((key) => `${kind}.${key}: the published object has it`),
  ];
}
