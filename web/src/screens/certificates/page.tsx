/** One's certificates: what they say, until when they hold, what the market found. */
import { Button, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import type { Certificate } from '../../../../shared/certificate/certificate.ts';
import { call } from '../../api/call.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { t as common } from '../../messages/en.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { type Column, ReadTable } from '../../ui/data-table.tsx';
import { dayText } from '../../ui/format.ts';
import { PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sayFailed } from '../../ui/toast.tsx';
import { When } from '../../ui/values.tsx';
import { CertificateForm } from './certificate-form.tsx';
import { t } from './messages.en.ts';
import { endsSoon } from './values.ts';

const STATES = {
  awaits_document: { text: t('state.awaits_document'), tone: 'warning' },
  awaits_check: { text: t('state.awaits_check'), tone: 'info' },
  confirmed: { text: t('state.confirmed'), tone: 'good' },
  rejected: { text: t('state.rejected'), tone: 'bad' },
  expired: { text: t('state.expired'), tone: 'neutral' },
} as const;

const columns: readonly Column<Certificate>[] = [
  {
    key: 'title',
    header: t('column.title'),
    cell: ({ title, number, addedBy }) => (
      <div>
        {title}
        <Text size="xs" c="dimmed">
          {number !== '' && `${t('number', { number })} · `}
          {t('added')} <PersonName id={addedBy} />
        </Text>
      </div>
    ),
  },
  { key: 'kind', header: t('column.kind'), cell: ({ kind }) => t(`kind.${kind}`) },
  { key: 'issuer', header: t('column.issuer'), cell: ({ issuer }) => issuer },
  { key: 'until', header: t('column.until'), cell: (certificate) => <Until of={certificate} /> },
  { key: 'state', header: t('column.state'), cell: (certificate) => <State of={certificate} /> },
  { key: 'do', header: t('column.do'), isNumber: true, cell: (certificate) => <Actions of={certificate} /> },
];

export default function Certificates() {
  const [isAdding, setAdding] = useState(false);
  const certificates = useRead('/v1/certificates');
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={<Button onClick={() => setAdding(true)}>{t('add')}</Button>}
      />
      <ReadTable
        caption={t('caption')}
        columns={columns}
        of={certificates}
        rowKey={({ id }) => id}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
      <Modal
        opened={isAdding}
        onClose={() => setAdding(false)}
        title={t('form.title')}
        closeButtonProps={{ 'aria-label': common('toast.close') }}
      >
        <CertificateForm onClose={() => setAdding(false)} />
      </Modal>
    </>
  );
}

function Until({ of: { expiresOn, state } }: { of: Certificate }) {
  const now = useNow();
  if (expiresOn === null) return t('noEnd');
  return (
    <>
      {dayText(expiresOn)}
      {state === 'confirmed' && endsSoon(expiresOn, now) && (
        <Text size="xs" className="bad">
          {t('endsSoon')}
        </Text>
      )}
    </>
  );
}

function State({ of: { state, check } }: { of: Certificate }) {
  return (
    <div>
      <StatusBadge state={state} states={STATES} />
      {check !== null && (
        <Text size="xs" c="dimmed" component="div" mt={2}>
          {t('checked')}, <When iso={check.at} show="date" />
          {check.note !== '' && <div>{check.note}</div>}
        </Text>
      )}
    </div>
  );
}

function Actions({ of: { id, title, state } }: { of: Certificate }) {
  const remove = useAct('delete', '/v1/certificates/{certificate}');
  const path = { certificate: id };
  const save = () => {
    call('get', '/v1/certificates/{certificate}/document', { path })
      .then(({ url }) => location.assign(url))
      .catch((error: unknown) => sayFailed(t('save.failed'), error));
  };
  return (
    <Group gap={6} justify="flex-end">
      {state !== 'awaits_document' && (
        <Button size="compact-xs" variant="default" onClick={save}>
          {t('save')}
        </Button>
      )}
      <ConfirmButton
        label={t('remove')}
        size="compact-xs"
        variant="default"
        title={t('remove.title', { title })}
        consequence={t('remove.text')}
        act={() => remove.mutateAsync({ path })}
        done={t('removed')}
      />
    </Group>
  );
}
