/** How disputes that the market decides are listed. */
import type { DisputeView } from '../../../../shared/dispute/dispute-view.ts';
import type { Column } from '../../ui/data-table.tsx';
import { ownPart, Reference } from '../../ui/reference.tsx';
import { Money, TimeLeft } from '../../ui/values.tsx';
import { t as common } from '../finance-parts/messages.en.ts';
import { t } from './messages.en.ts';

/** What the company was charged: the first of both sides. */
const charged = ({ amounts }: DisputeView) => amounts.find(({ means }) => means === 'charged');

export const disputeColumns: readonly Column<DisputeView>[] = [
  { key: 'request', header: t('column.request'), cell: ({ request }) => <Reference>{ownPart(request)}</Reference> },
  { key: 'reason', header: t('column.reason'), cell: ({ reason }) => common(`reason.${reason.code}`) },
  {
    key: 'claimed',
    header: t('column.claimed'),
    isNumber: true,
    cell: (of) => <Money micros={charged(of)?.claimedMicros ?? null} currency={of.currency} exact />,
  },
  {
    key: 'offered',
    header: t('column.offered'),
    isNumber: true,
    cell: (of) => <Money micros={charged(of)?.offeredMicros ?? null} currency={of.currency} exact />,
  },
  {
    key: 'left',
    header: t('column.left'),
    isNumber: true,
    cell: ({ clock }) => <TimeLeft iso={clock?.until ?? null} />,
  },
];
