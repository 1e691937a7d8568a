/** What waits for the market's people; the organisations in it by their names. */

import { useNames } from '../../api/names.ts';
import { useQueueList } from '../market-parts/queues.tsx';
import { Inbox, useInbox } from '../waiting/inbox.tsx';
import { wordsFor } from './inbox-words.ts';

/** `most` items are shown, eight where left out. */
export function MarketInbox({ most }: { most?: number }) {
  const inbox = useInbox();
  const currencies = new Map(useQueueList().map(({ id, currency }) => [id, currency]));
  const ids = (inbox.data?.items ?? []).flatMap(({ facts }) =>
    ['organisation', 'company', 'provider'].flatMap((key) => {
      const id = (facts as Record<string, unknown>)[key];
      return typeof id === 'string' ? [id] : [];
    }),
  );
  const names = useNames('organisations', ids);
  return (
    <Inbox
      {...(most === undefined ? {} : { most })}
      words={(item, nameOf) =>
        wordsFor({
          queue: nameOf,
          currency: (queue) => currencies.get(queue) ?? 'USD',
          organisation: (id) => names.get(id) ?? id,
        })(item)
      }
    />
  );
}
