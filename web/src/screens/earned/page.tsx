/** What a provider earned with one turn: its signed receipt. */
import { useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { ReceiptFacts } from '../receipt-parts/receipt.tsx';
import { t } from './messages.en.ts';

const LIST = { href: '/charges', title: t('charges') };

export default function Earned() {
  const lease = usePathParam('lease');
  const signed = useRead('/v1/leases/{lease}/receipt', { path: { lease } });
  return (
    <QueryState of={signed} isPage back={LIST}>
      {({ receipt, jws }) => (
        <>
          <PageHeader title={t('title', { request: receipt.request.split('.').at(-1) ?? '' })} back={LIST} />
          <ReceiptFacts receipt={receipt} jws={jws} />
        </>
      )}
    </QueryState>
  );
}
