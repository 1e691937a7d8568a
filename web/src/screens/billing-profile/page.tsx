/** How a company is billed, and how it pays. */
import { Alert, Group, Text } from '@mantine/core';
import type { BillingProfile } from '../../../../shared/billing-profile/billing-profile.ts';
import { useRead } from '../../api/use-api.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { When } from '../../ui/values.tsx';
import { Section } from '../finance-parts/section.tsx';
import { PortalButton } from '../invoices/portal-button.tsx';
import { ProfileState } from '../profile-parts/profile-state.tsx';
import { t } from './messages.en.ts';
import { ProfileForm } from './profile-form.tsx';
import { SetUpButton } from './set-up-button.tsx';

export default function BillingProfilePage() {
  const profile = useRead('/v1/billing-profile');
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <ProfileState of={profile} notYet={t('notYet')} empty={<ProfileForm of={undefined} />}>
        {(found) => <Profile of={found} />}
      </ProfileState>
    </>
  );
}

function Profile({ of }: { of: BillingProfile }) {
  return (
    <>
      {of.refused !== null && (
        <Alert color="red" variant="default" title={t('refused')} mb="lg">
          {of.refused}
        </Alert>
      )}
      <Section title={t('set')}>
        <Group>
          <Text>{of.paymentMethod ?? t('set.none')}</Text>
          <SetUpButton label={t(of.paymentMethod === null ? 'setUp' : 'change')} />
          <PortalButton label={t('portal')} />
        </Group>
      </Section>
      <ProfileForm of={of} key={of.version} />
      <Text size="sm" c="dimmed" mt="sm">
        {t('version', { version: of.version })} <When iso={of.updatedAt} show="absolute" />
      </Text>
    </>
  );
}
