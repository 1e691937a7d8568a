/**
 * Collects zod schemas as components of an OpenAPI document. A schema with an id may look different as sent and as
 * answered (defaults, unknown fields); then what is sent is called `<id>Input`.
 */
import * as z from 'zod';

export type JsonSchema = { [key: string]: unknown };
type Direction = 'input' | 'output';

const PLACE = '#/components/schemas/';

export class Components {
  private readonly forms: Record<Direction, Map<string, string>> = { input: new Map(), output: new Map() };

  /** The JSON Schema of what is sent (`input`) or answered (`output`); its references are named by `finish`. */
  add(schema: z.ZodType, direction: Direction): JsonSchema {
    const {
      $schema: _dialect,
      $defs,
      ...own
    } = z.toJSONSchema(schema, {
      io: direction,
      target: 'draft-2020-12',
      override: ({ jsonSchema }) => tidy(jsonSchema, direction),
    }) as JsonSchema & { $defs?: Record<string, JsonSchema> };
    for (const [id, form] of Object.entries($defs ?? {})) this.keep(id, direction, markReferences(form, direction));
    return JSON.parse(markReferences(own, direction)) as JsonSchema;
  }

  /** The document with its references named, and the components they lead to. */
  finish<T extends JsonSchema>(document: T): T & { components: JsonSchema } {
    const twofold = this.twofold();
    const named = (text: string) =>
      text.replaceAll(REFERENCE, (_, id, direction) => `"${PLACE}${nameOf(id, direction, twofold)}"`);
    const schemas: [string, unknown][] = [];
    for (const direction of ['output', 'input'] as const)
      for (const [id, form] of this.forms[direction])
        if (direction === 'output' || twofold.has(id) || !this.forms.output.has(id))
          schemas.push([nameOf(id, direction, twofold), JSON.parse(named(form))]);
    schemas.sort(([a], [b]) => (a < b ? -1 : 1));
    const twice = schemas.find(([name], i) => name === schemas[i + 1]?.[0]);
    if (twice !== undefined) throw new Error(`two schemas would be called ${twice[0]}`);
    const whole = JSON.parse(named(JSON.stringify(document))) as T & { components?: JsonSchema };
    return { ...whole, components: { ...whole.components, schemas: Object.fromEntries(schemas) } };
  }

  private keep(id: string, direction: Direction, form: string): void {
    const known = this.forms[direction].get(id);
    if (known !== undefined && known !== form) throw new Error(`two different schemas have the id ${id}`);
    this.forms[direction].set(id, form);
  }

  /** The ids whose two forms differ, by themselves or by what they refer to. */
  private twofold(): ReadonlySet<string> {
    const { input, output } = this.forms;
    const both = [...input.keys()].filter((id) => output.has(id));
    const plain = (form: string) => form.replaceAll(REFERENCE, (_, id) => `"${id}"`);
    const found = new Set(both.filter((id) => plain(input.get(id) ?? '') !== plain(output.get(id) ?? '')));
    for (let grew = true; grew; ) {
      const more = both.filter((id) => !found.has(id) && referencesOf(input.get(id) ?? '').some((to) => found.has(to)));
      for (const id of more) found.add(id);
      grew = more.length > 0;
    }
    return found;
  }
}

const REFERENCE = /"#@(\w+)@(input|output)"/g;

const markReferences = (form: unknown, direction: Direction): string =>
  JSON.stringify(form).replaceAll(/"#\/\$defs\/(\w+)"/g, (_, id) => `"#@${id}@${direction}"`);

const referencesOf = (form: string): string[] => [...form.matchAll(REFERENCE)].map((match) => match[1] ?? '');

const nameOf = (id: string, direction: string, twofold: ReadonlySet<string>): string =>
  direction === 'input' && twofold.has(id) ? `${id}Input` : id;

/** Leaves out what only says that numbers are JavaScript's or how a format is matched; answers may grow new fields. */
function tidy(schema: z.core.JSONSchema.BaseSchema, direction: Direction): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.format === 'date-time' || schema.format === 'email') delete schema.pattern;
  if (direction === 'output' && schema.additionalProperties === false) delete schema.additionalProperties;
  delete schema.id;
}
