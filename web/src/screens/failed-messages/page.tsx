/** Messages of money that failed for good, for who keeps the market's books. */
import { PageHeader } from '../../ui/page-header.tsx';
import { DeadLetters } from '../operator-health/dead-letters.tsx';
import { t } from '../operator-health/messages.en.ts';

export default function FailedMessages() {
  return (
    <>
      <PageHeader
        title={t('failed.title')}
        lead={t('failed.lead')}
        back={{ href: '/money', title: t('failed.back') }}
      />
      <DeadLetters />
    </>
  );
}
