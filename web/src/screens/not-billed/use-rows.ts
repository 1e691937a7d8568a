/** The requests of a round, a page of its file at a time, with what all that were read come to. */
import { fetchPage } from '../../api/file.ts';
import { type Pages, useList } from '../../api/use-list.ts';
import { type Row, rowsOf, type Stand, SUMMED, type Summed } from './rows.ts';

const PAGE = '200';

export function useRows(queue: string, round: string, stand: Stand | undefined): Pages<Row, Summed> {
  const query: Record<string, string> = { queue, round, limit: PAGE, ...(stand === undefined ? {} : { stand }) };
  return useList({
    key: ['requests of', query],
    read: async (cursor) => {
      const page = await fetchPage('/v1/exports/requests/ndjson', { ...query, ...(cursor === null ? {} : { cursor }) });
      return { items: rowsOf(page.text), next: page.next };
    },
    fold: SUMMED,
    enabled: queue !== '',
  });
}
