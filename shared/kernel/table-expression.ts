/** Conditions and changes as data, and DynamoDB's expressions of them. */
import { type Attributes, stored } from './attributes.ts';

type Scalar = string | number | boolean | null;

/** What must hold of the stored item; all clauses together. */
export type Clause =
  | readonly ['absent' | 'present', string]
  | readonly ['=' | '<>' | '<' | '<=' | '>' | '>=', string, Scalar]
  /** The same map, whole. */
  | readonly ['=', string, Readonly<Record<string, unknown>> | null]
  | readonly ['in', string, readonly Scalar[]]
  | readonly ['absent or =' | 'absent or <', string, Scalar]
  /** Of a list or text. */
  | readonly ['size <', string, number];
export type Condition = readonly Clause[];

/** Nothing with this key exists yet. */
export const ABSENT: Condition = [['absent', 'pk']];

export type Change = {
  set?: Record<string, unknown>;
  remove?: readonly string[];
  add?: Record<string, number>;
  /** Appends to lists that exist. */
  append?: Record<string, readonly unknown[]>;
  /** Sets an attribute to another attribute plus a number: `leaseUntil = now + leaseMs`. */
  sum?: Record<string, readonly [number, string]>;
};

type Expression = {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Attributes;
};

/** Aliases names and values of conditions and updates: `#0 = :0`. */
class Aliases {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, unknown> = {};
  name(attribute: string): string {
    const known = Object.entries(this.names).find(([, name]) => name === attribute)?.[0];
    if (known !== undefined) return known;
    const alias = `#${Object.keys(this.names).length}`;
    this.names[alias] = attribute;
    return alias;
  }
  value(value: unknown): string {
    const alias = `:${Object.keys(this.values).length}`;
    this.values[alias] = value;
    return alias;
  }
  finish(): Pick<Expression, 'ExpressionAttributeNames' | 'ExpressionAttributeValues'> {
    return {
      ...(Object.keys(this.names).length > 0 ? { ExpressionAttributeNames: this.names } : {}),
      ...(Object.keys(this.values).length > 0 ? { ExpressionAttributeValues: stored(this.values) } : {}),
    };
  }
}

function conditionText(when: Condition, aliases: Aliases): string {
  return when
    .map((clause) => {
      const name = aliases.name(clause[1]);
      switch (clause[0]) {
        case 'absent':
          return `attribute_not_exists(${name})`;
        case 'present':
          return `attribute_exists(${name})`;
        case 'in':
          return `${name} IN (${clause[2].map((v) => aliases.value(v)).join(', ')})`;
        case 'size <':
          return `size(${name}) < ${aliases.value(clause[2])}`;
        case 'absent or =':
          return `(attribute_not_exists(${name}) OR ${name} = ${aliases.value(clause[2])})`;
        case 'absent or <':
          return `(attribute_not_exists(${name}) OR ${name} < ${aliases.value(clause[2])})`;
        default:
          return `${name} ${clause[0]} ${aliases.value(clause[2])}`;
      }
    })
    .join(' AND ');
}

export function conditionExpression(when: Condition | undefined): Expression {
  if (when === undefined || when.length === 0) return {};
  const aliases = new Aliases();
  return { ConditionExpression: conditionText(when, aliases), ...aliases.finish() };
}

export function required(e: Expression): Expression & { ConditionExpression: string } {
  if (e.ConditionExpression === undefined) throw new Error('a check without a condition');
  return { ...e, ConditionExpression: e.ConditionExpression };
}

export function updateExpression(
  change: Change,
  when: Condition | undefined,
): Expression & { UpdateExpression: string } {
  const aliases = new Aliases();
  const sets = Object.entries(change.set ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${aliases.name(name)} = ${aliases.value(value)}`);
  for (const [name, values] of Object.entries(change.append ?? {})) {
    const alias = aliases.name(name);
    sets.push(`${alias} = list_append(${alias}, ${aliases.value(values)})`);
  }
  for (const [name, [number, other]] of Object.entries(change.sum ?? {}))
    sets.push(`${aliases.name(name)} = ${aliases.value(number)} + ${aliases.name(other)}`);
  const adds = Object.entries(change.add ?? {}).map(([name, value]) => `${aliases.name(name)} ${aliases.value(value)}`);
  const removes = (change.remove ?? []).map((name) => aliases.name(name));
  const parts = [
    sets.length > 0 ? `SET ${sets.join(', ')}` : '',
    removes.length > 0 ? `REMOVE ${removes.join(', ')}` : '',
    adds.length > 0 ? `ADD ${adds.join(', ')}` : '',
  ].filter((part) => part !== '');
  const condition = when !== undefined && when.length > 0 ? { ConditionExpression: conditionText(when, aliases) } : {};
  return { UpdateExpression: parts.join(' '), ...condition, ...aliases.finish() };
}
