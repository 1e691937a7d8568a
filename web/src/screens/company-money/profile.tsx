/** How a company is billed, as the market sees it. */
import { Alert, Text } from '@mantine/core';
import type { BillingProfile } from '../../../../shared/billing-profile/billing-profile.ts';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import { useRead } from '../../api/use-api.ts';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { Section } from '../finance-parts/section.tsx';
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
  const lines = [address.line1, address.line2, address.postalCode, address.city, address.state, address.country];
  return (
    <>
      {of.refused !== null && (
        <Alert color="red" variant="default" mb="md">
          {t('profile.refused', { reason: of.refused })}
        </Alert>
      )}
      <Facts>
        <Fact name={t('legalName')}>{of.legalName}</Fact>
        <Fact name={t('address')}>{lines.filter((line) => line !== null && line !== '').join(', ')}</Fact>
        <Fact name={t('taxId')}>
          {taxId === null
            ? '–'
            : `${taxId.value} (${taxId.type}${of.taxIdVerification === null ? '' : `, ${of.taxIdVerification}`})`}
        </Fact>
        <Fact name={t('email')}>{of.billingEmail}</Fact>
        <Fact name={t('order')}>
          {purchaseOrder === null ? '–' : [purchaseOrder.number, purchaseOrder.expiresOn].filter(Boolean).join(', ')}
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
