/** Plain values and the form in which the tables keep them: `{ n: 1 }` and `{ n: { N: '1' } }`. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

export type Attributes = Record<string, AttributeValue>;

/** As it is kept; what is undefined is left out. */
export const stored = (values: Record<string, unknown>): Attributes =>
  marshall(values, { removeUndefinedValues: true });

/** As it was before it was kept. */
export const plain = (attributes: Attributes): Record<string, unknown> => unmarshall(attributes);
