/** Another secret for a connector: one made here, or the one that the other system made. */
import { PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ConnectorView } from '../../../../shared/connector/connector.ts';
import { useAct } from '../../api/use-api.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { Overlap } from '../../ui/overlap.tsx';
import { t } from './messages.en.ts';

const HOURS = [24, 168, 0] as const;
type Props = { connector: ConnectorView; onSecret: (secret: string | null) => void };

export function RotateSecret({ connector: { id, config }, onSecret }: Props) {
  const rotate = useAct('post', '/v1/connectors/{connector}/rotate-secret');
  const [own, setOwn] = useState('');
  const [overlapHours, setOverlap] = useState<number>(HOURS[0]);
  return (
    <ConfirmButton
      label={t('rotate')}
      variant="default"
      title={t('rotate.title', { name: config.name })}
      consequence={
        <Stack>
          <Text size="sm">{t('rotate.text')}</Text>
          <PasswordInput
            label={t('rotate.own')}
            description={t('rotate.own.hint')}
            value={own}
            onChange={(event) => setOwn(event.currentTarget.value)}
            autoComplete="off"
          />
          <Overlap offered={HOURS} value={overlapHours} onChange={setOverlap} />
        </Stack>
      }
      act={async () => {
        const body = { overlapHours, ...(own.trim() === '' ? {} : { secret: own.trim() }) };
        onSecret((await rotate.mutateAsync({ path: { connector: id }, body })).secret);
        setOwn('');
      }}
    />
  );
}
