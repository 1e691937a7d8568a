/** Certificates that wait for somebody of the market to look at them. */
import { Button, Group, Paper, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Certificate } from '../../../../shared/certificate/certificate.ts';
import { call } from '../../api/call.ts';
import { useAct, usePages } from '../../api/use-api.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { dayText } from '../../ui/format.ts';
import { OrganisationName } from '../../ui/names.tsx';
import { QueryState } from '../../ui/states.tsx';
import { sayFailed } from '../../ui/toast.tsx';
import { t } from './messages.en.ts';

const columns: readonly Column<Certificate>[] = [
  { key: 'title', header: t('column.title'), cell: ({ title, number }) => `${title} ${number}`.trim() },
  {
    key: 'organisation',
    header: t('column.organisation'),
    cell: ({ organisation }) => <OrganisationName id={organisation} />,
  },
  { key: 'issuer', header: t('column.issuer'), cell: ({ issuer }) => issuer },
  {
    key: 'until',
    header: t('column.until'),
    cell: ({ expiresOn }) => (expiresOn === null ? t('noEnd') : dayText(expiresOn)),
  },
  { key: 'do', header: t('column.do'), cell: (certificate) => <Check certificate={certificate} /> },
];

export function Certificates() {
  const certificates = usePages('/v1/operator/certificates', { query: { limit: 50 } });
  return (
    <QueryState of={certificates.query}>
      {() =>
        certificates.items.length === 0 ? (
          <Paper p="md">
            <Text c="dimmed">{t('certificates.none')}</Text>
          </Paper>
        ) : (
          <DataTable
            caption={t('certificates.caption')}
            columns={columns}
            rows={certificates.items}
            rowKey={({ id }) => id}
          />
        )
      }
    </QueryState>
  );
}

function Check({ certificate: { id } }: { certificate: Certificate }) {
  const [note, setNote] = useState('');
  const check = useAct('post', '/v1/operator/certificates/{certificate}/check');
  const path = { certificate: id };
  const save = () => {
    call('get', '/v1/operator/certificates/{certificate}/document', { path })
      .then(({ url }) => location.assign(url))
      .catch((error: unknown) => sayFailed(t('document.failed'), error));
  };
  return (
    <Group gap={6} justify="flex-end">
      <Button size="compact-sm" variant="default" onClick={save}>
        {t('document')}
      </Button>
      <ConfirmButton
        label={t('reject')}
        size="compact-sm"
        variant="default"
        title={t('reject.title')}
        consequence={
          <Textarea
            label={t('reject.note')}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            maxLength={500}
            autosize
            minRows={2}
            required
          />
        }
        act={() => check.mutateAsync({ path, body: { result: 'rejected', note } })}
        done={t('reject.done')}
      />
      <ConfirmButton
        label={t('confirm')}
        size="compact-sm"
        title={t('confirm.title')}
        consequence={t('confirm.text')}
        act={() => check.mutateAsync({ path, body: { result: 'confirmed', note: '' } })}
        done={t('confirm.done')}
      />
    </Group>
  );
}
