/** Who is paid, how it is taxed, and the account at Stripe that is paid to. */
import { useRead } from '../../api/use-api.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProfileState } from '../profile-parts/profile-state.tsx';
import { Account } from './account.tsx';
import { t } from './messages.en.ts';
import { PayoutForm } from './payout-form.tsx';

export default function PayoutProfilePage() {
  const profile = useRead('/v1/payout-profile');
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <ProfileState of={profile} notYet={t('notYet')} empty={<PayoutForm of={undefined} />}>
        {(found) => (
          <>
            <Account />
            <PayoutForm of={found} key={found.version} />
          </>
        )}
      </ProfileState>
    </>
  );
}
