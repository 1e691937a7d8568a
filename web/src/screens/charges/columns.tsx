/** How charges are listed: of all a company's, or of all a provider's. */
import type { Charge } from '../../../../shared/ledger/ledger.ts';
import type { Column } from '../../ui/data-table.tsx';
import { OrganisationLink } from '../../ui/organisation-link.tsx';
import { ownPart, Reference } from '../../ui/reference.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Money, When } from '../../ui/values.tsx';
import { CHARGE_OUTCOMES } from '../finance-parts/states.ts';
import { QueueInLine } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

const SHARED: readonly Column<Charge>[] = [
  {
    key: 'queue',
    header: t('column.queue'),
    cell: ({ queue, round }) => <QueueInLine id={queue} round={round} />,
  },
  {
    key: 'outcome',
    header: t('column.outcome'),
    cell: ({ outcome }) => <StatusBadge state={outcome} states={CHARGE_OUTCOMES} />,
  },
  {
    key: 'settled',
    header: t('column.settled'),
    isNumber: true,
    cell: ({ occurredAt }) => <When iso={occurredAt} show="date" />,
  },
  {
    key: 'amount',
    header: t('column.amount'),
    isNumber: true,
    cell: ({ micros, currency }) => <Money micros={micros} currency={currency} exact />,
  },
];
const request: Column<Charge> = {
  key: 'request',
  header: t('column.request'),
  cell: ({ request: id }) => <Reference>{ownPart(id)}</Reference>,
};
const FOR_COMPANIES: readonly Column<Charge>[] = [
  request,
  { key: 'provider', header: t('column.provider'), cell: ({ provider }) => <OrganisationLink id={provider} /> },
  ...SHARED,
];
const FOR_PROVIDERS: readonly Column<Charge>[] = [
  request,
  { key: 'company', header: t('column.company'), cell: ({ company }) => <OrganisationLink id={company} /> },
  ...SHARED,
];

export const chargeColumns = (isCompany: boolean): readonly Column<Charge>[] =>
  isCompany ? FOR_COMPANIES : FOR_PROVIDERS;
