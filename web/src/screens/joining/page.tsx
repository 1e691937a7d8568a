/** Whether one's organisation is approved, and what it still lacks. */
import { Alert } from '@mantine/core';
import { useRead } from '../../api/use-api.ts';
import { useSignedIn } from '../../auth/session.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { StatusBadge, type Tone } from '../../ui/status-badge.tsx';
import { DraftTable } from './draft-table.tsx';
import { t } from './messages.en.ts';
import { Stages } from './steps.tsx';

type Status = 'pending' | 'approved' | 'suspended';
const STATUSES: Readonly<Record<Status, { text: string; tone: Tone }>> = {
  pending: { text: t('status.pending'), tone: 'warning' },
  approved: { text: t('status.approved'), tone: 'good' },
  suspended: { text: t('status.suspended'), tone: 'bad' },
};

export default function Joining() {
  const { organisation } = useSignedIn();
  if (organisation !== null) return <OfOrganisation />;
  return (
    <>
      <PageHeader title={t('title')} />
      <Empty title={t('nobody')} text={t('nobody.text')}>
        <LinkButton href="/register">{t('nobody.go')}</LinkButton>
      </Empty>
    </>
  );
}

function OfOrganisation() {
  const organisation = useRead('/v1/organisation');
  return (
    <QueryState of={organisation} isPage>
      {({ name, status, kind }) => (
        <>
          <PageHeader
            title={t('title')}
            lead={kind === 'market' ? t('market.text') : t('lead', { name })}
            status={<StatusBadge state={status} states={STATUSES} />}
          />
          {status !== 'approved' && (
            <Alert variant="default" color={status === 'pending' ? 'yellow' : 'red'} maw={720}>
              {t(`${status}.text`)}
            </Alert>
          )}
          {kind === 'company' && <DraftTable isApproved={status === 'approved'} />}
          {kind !== 'market' && <Steps />}
        </>
      )}
    </QueryState>
  );
}

function Steps() {
  const checklist = useRead('/v1/organisation/checklist');
  return <QueryState of={checklist}>{(data) => <Stages checklist={data} />}</QueryState>;
}
