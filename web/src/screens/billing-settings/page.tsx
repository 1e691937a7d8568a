/** What holds for all invoices. */
import { Paper, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { BillingSettings } from '../../../../shared/billing-profile/settings.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

const TAXES = ['none', 'automatic'] as const;

export default function BillingSettingsPage() {
  const settings = useRead('/v1/billing-settings');
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <QueryState of={settings}>{(of) => <Settings of={of} key={of.version} />}</QueryState>
    </>
  );
}

function Settings({ of }: { of: BillingSettings }) {
  const put = useAct('put', '/v1/billing-settings');
  const [tax, setTax] = useState(of.tax);
  const may = useMay('market.finance');
  return (
    <Paper p="md" maw={640}>
      <Stack>
        <Radio.Group
          label={t('tax')}
          value={tax}
          onChange={(value) => setTax(TAXES.find((one) => one === value) ?? 'none')}
        >
          <Stack gap="xs" mt="xs">
            {TAXES.map((one) => (
              <Radio key={one} value={one} label={t(`tax.${one}`)} description={t(`tax.${one}.hint`)} disabled={!may} />
            ))}
          </Stack>
        </Radio.Group>
        {may && tax !== of.tax && (
          <div>
            <ConfirmButton
              label={t('change')}
              title={t('change.title', { tax: t(`tax.${tax}`) })}
              consequence={t('change.text')}
              act={() => put.mutateAsync({ body: { tax } })}
              done={t('changed')}
            />
          </div>
        )}
        <Text size="sm" c="dimmed">
          {of.updatedAt === null ? (
            t('never')
          ) : (
            <>
              {t('version', { version: of.version })} <PersonName id={of.updatedBy} />,{' '}
              <When iso={of.updatedAt} show="absolute" />
            </>
          )}
        </Text>
      </Stack>
    </Paper>
  );
}
