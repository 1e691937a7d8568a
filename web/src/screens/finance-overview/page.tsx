/** Finance at a glance: for a company what it owes, for a provider what it earns. */
import { useMay } from '../../auth/session.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { CompanyOverview } from './company.tsx';
import { t } from './messages.en.ts';
import { ProviderOverview } from './provider.tsx';

export default function FinanceOverview() {
  const isCompany = useMay('company.admin', 'company.finance');
  return (
    <>
      <PageHeader title={t('title')} lead={t(isCompany ? 'lead.company' : 'lead.provider')} />
      {isCompany ? <CompanyOverview /> : <ProviderOverview />}
    </>
  );
}
