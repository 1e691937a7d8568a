/** The form of a new request, and what is sent. */

export type Field = { key: string; name: string; value: string };
export type Values = {
  externalId: string;
  queue: string;
  customer: string;
  text: string;
  /** As the browser's input writes it: local time without a zone. */
  deadline: string;
  fields: Field[];
};

/** The body: what is left empty is left out; a field without a name is none. */
export function bodyOf({ externalId, queue, customer, text, deadline, fields }: Values): unknown {
  const named = fields.filter(({ name }) => name.trim() !== '');
  return {
    externalId: externalId.trim(),
    ...(queue === '' ? {} : { queue }),
    customer: customer.trim(),
    text,
    ...(named.length === 0 ? {} : { fields: Object.fromEntries(named.map(({ name, value }) => [name.trim(), value])) }),
    ...(deadline === '' ? {} : { deadline: new Date(deadline).toISOString() }),
  };
}
