/** Whom an invoice is to and how it is collected. */
import { Text } from '@mantine/core';
import type { BillingProfile } from '../../../../shared/billing-profile/billing-profile.ts';
import type { Invoice } from '../../../../shared/invoice/invoice.ts';
import { useRead } from '../../api/use-api.ts';
import { t as common } from '../../messages/en.ts';
import { Go } from '../../ui/go.tsx';
import { monthText } from '../../ui/months.ts';
import { OrganisationName } from '../../ui/names.tsx';
import { When } from '../../ui/values.tsx';
import { addressText } from '../finance-parts/address.ts';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { t } from './messages.en.ts';

export function InvoiceFacts({ of, isCompany }: { of: Invoice; isCompany: boolean }) {
  const billed = useProfile(of.company, isCompany);
  return (
    <div style={{ marginBlockEnd: '2rem' }}>
      <Facts>
        {!isCompany && (
          <Fact name={t('to')}>
            <Go href={`/companies/${of.company}`}>
              <OrganisationName id={of.company} />
            </Go>
          </Fact>
        )}
        <Fact name={t('from')}>{common('app.name')}</Fact>
        {billed !== undefined && (
          <>
            <Fact name={t('billedTo')}>
              {billed.legalName}, {addressText(billed.address)}
            </Fact>
            <Fact name={t('taxId')}>{billed.taxId?.value ?? '–'}</Fact>
          </>
        )}
        <Fact name={t('bills')}>
          {of.since === of.period
            ? monthText(of.period)
            : t('bills.range', { from: monthText(of.since), through: monthText(of.period) })}
        </Fact>
        <Fact name={t('number')}>{of.number ?? '–'}</Fact>
        <Fact name={t('method')}>{t(`method.${of.collectionMethod}`, { days: of.daysUntilDue })}</Fact>
        <Fact name={t('order')}>{of.purchaseOrder ?? '–'}</Fact>
        <Fact name={t('costCentre')}>{of.costCentre ?? '–'}</Fact>
        <Fact name={t('final')}>
          <When iso={of.finalizedAt} show="absolute" />
        </Fact>
        {of.version > 0 && <Fact name={t('version')}>{of.version}</Fact>}
      </Facts>
      <Text size="sm" c="dimmed" mt="xs">
        {t('facts.note')}
      </Text>
    </div>
  );
}

/** How the company is billed by now; undefined until it is read, and where there is none. */
function useProfile(company: string, isCompany: boolean): BillingProfile | undefined {
  const own = useRead('/v1/billing-profile', {}, { enabled: isCompany });
  const path = { organisation: company };
  const other = useRead('/v1/organisations/{organisation}/billing-profile', { path }, { enabled: !isCompany });
  return (isCompany ? own : other).data;
}
