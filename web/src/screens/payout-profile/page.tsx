/** Who is paid, how it is taxed, and the account at Stripe that is paid to. */
import { Alert } from '@mantine/core';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import { useRead } from '../../api/use-api.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { Account } from './account.tsx';
import { t } from './messages.en.ts';
import { PayoutForm } from './payout-form.tsx';

export default function PayoutProfilePage() {
  const profile = useRead('/v1/payout-profile');
  const isMissing = profile.error instanceof ParleyProblem && profile.error.status === 404;
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      {isMissing ? (
        <>
          <Alert color="yellow" variant="default" mb="lg">
            {t('notYet')}
          </Alert>
          <PayoutForm of={undefined} />
        </>
      ) : (
        <QueryState of={profile}>
          {(found) => (
            <>
              <Account />
              <PayoutForm of={found} key={found.version} />
            </>
          )}
        </QueryState>
      )}
    </>
  );
}
