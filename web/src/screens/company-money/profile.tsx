/** How a company is billed, as the market sees it. */
import { Alert, Text } from '@mantine/core';
import type { BillingProfile } from '../../../../shared/billing-profile/billing-profile.ts';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import { useRead } from '../../api/use-api.ts';
import { dayText } from '../../ui/format.ts';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { t as billing } from '../billing-profile/messages.en.ts';
import { addressText } from '../finance-parts/address.ts';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { Section } from '../finance-parts/section.tsx';
import { taxIdText } from '../profile-parts/countries.ts';
import { t } from './messages.en.ts';

export function ProfileOf({ company }: { company: string }) {
  const profile = useRead('/v1/organisations/{organisation}/billing-profile', { path: { organisation: company } });
  const isNone = profile.error instanceof ParleyProblem && profile.error.status === 404;
  return (
    <Section title={t('profile')}>
      {isNone ? (
        <Text c="dimmed">{t('profile.none')}</Text>
      ) : (
        <QueryState of={profile}>{(of) => <Profile of={of} />}</QueryState>
      )}
    </Section>
  );
}

function Profile({ of }: { of: BillingProfile }) {
  const { address, taxId, purchaseOrder } = of;
  const verified = of.taxIdVerification === null ? [] : [billing(`verification.${of.taxIdVerification}`)];
  return (
    <>
      {of.refused !== null && (
        <Alert color="red" variant="default" mb="md">
          {t('profile.refused', { reason: of.refused })}
        </Alert>
      )}
      <Facts>
        <Fact name={t('legalName')}>{of.legalName}</Fact>
        <Fact name={t('address')}>{addressText(address)}</Fact>
        <Fact name={t('taxId')}>
          {taxId === null ? '–' : `${taxId.value} (${[taxIdText(taxId.type), ...verified].join(', ')})`}
        </Fact>
        <Fact name={t('email')}>{of.billingEmail}</Fact>
        <Fact name={t('order')}>
          {purchaseOrder === null
            ? '–'
            : [
                purchaseOrder.number,
                purchaseOrder.expiresOn === null ? '' : t('order.until', { day: dayText(purchaseOrder.expiresOn) }),
              ]
                .filter(Boolean)
                .join(', ')}
        </Fact>
        <Fact name={t('costCentre')}>{of.costCentre ?? '–'}</Fact>
        <Fact name={t('method')}>{t(`method.${of.collectionMethod}`, { days: of.daysUntilDue })}</Fact>
        <Fact name={t('paymentMethod')}>{of.paymentMethod ?? t('paymentMethod.none')}</Fact>
        <Fact name={t('changed')}>
          <When iso={of.updatedAt} show="absolute" />
        </Fact>
      </Facts>
    </>
  );
}
