/** What a receipt says, and that it is signed. */
import type { Receipt } from '../../../../shared/receipt/receipt.ts';
import { OrganisationName } from '../../ui/names.tsx';
import { Money, When } from '../../ui/values.tsx';
import { Confirmation } from '../dispute-parts/evidence.tsx';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { Section } from '../finance-parts/section.tsx';
import { QueueInLine } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';
import { outcomeText } from './outcome.ts';
import { Signature } from './signature.tsx';

export function ReceiptFacts({ receipt, jws }: { receipt: Receipt; jws: string }) {
  const { claim, price } = receipt;
  const isInTime = Date.parse(claim.resolvedAt) <= Date.parse(claim.deadline);
  return (
    <Section title={t('title')} lead={t('lead')}>
      <Facts>
        {price !== null && (
          <Fact name={t(`price.${price.means}`)}>
            <Money micros={price.micros} currency={price.currency} exact />
          </Fact>
        )}
        <Fact name={t('settled')}>
          <When iso={receipt.settledAt} show="absolute" />
        </Fact>
        <Fact name={t('outcome')}>{outcomeText(claim.outcome)}</Fact>
        <Fact name={t('confirmation')}>
          <Confirmation of={receipt.confirmation} />
        </Fact>
        <Fact name={t('claimedAt')}>
          <When iso={claim.claimedAt} show="absolute" />
        </Fact>
        <Fact name={t('resolvedAt')}>
          <When iso={claim.resolvedAt} show="absolute" />
        </Fact>
        <Fact name={t('deadline')}>
          <When iso={claim.deadline} show="absolute" />
        </Fact>
        <Fact name={t('inTime')}>{t(isInTime ? 'inTime.yes' : 'inTime.no')}</Fact>
        <Fact name={t('queue')}>
          <QueueInLine id={receipt.queue} round={receipt.round} />
        </Fact>
        <Fact name={t('provider')}>
          <OrganisationName id={receipt.provider} />
        </Fact>
        <Fact name={t('company')}>
          <OrganisationName id={receipt.company} />
        </Fact>
        <Fact name={t('terms')}>{t('version', { version: receipt.termsVersion })}</Fact>
        <Fact name={t('words')}>{receipt.thread.words}</Fact>
        <Fact name={t('summaryHash')}>{claim.summaryHash}</Fact>
      </Facts>
      <Signature jws={jws} />
    </Section>
  );
}
