/** Chooses a company or a provider by name, of the first thousand of them. */
import { Select, type SelectProps } from '@mantine/core';
import { useAll } from '../../api/use-all.ts';
import { usePages } from '../../api/use-api.ts';

type Props = Omit<SelectProps, 'data'> & { kind: 'company' | 'provider' };
const MOST_NAMED = 1_000;
const SHOWN = 100;

export function PartySelect({ kind, ...select }: Props) {
  const { items } = useAll(usePages('/v1/organisations', { query: { kind, limit: 100 } }), MOST_NAMED);
  return (
    <Select {...select} searchable limit={SHOWN} data={items.map(({ id, name }) => ({ value: id, label: name }))} />
  );
}
