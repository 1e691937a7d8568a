/** Whom an invoice is to and how it is collected. */
import type { Invoice } from '../../../../shared/invoice/invoice.ts';
import { Go } from '../../ui/go.tsx';
import { monthText } from '../../ui/months.ts';
import { OrganisationName } from '../../ui/names.tsx';
import { When } from '../../ui/values.tsx';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { t } from './messages.en.ts';

export function InvoiceFacts({ of, isCompany }: { of: Invoice; isCompany: boolean }) {
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
    </div>
  );
}
