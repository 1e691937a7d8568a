/** Another secret for a key; for how long the one before still works is chosen here. */
import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ApiKey } from '../../../../shared/identity/identity.ts';
import { useAct } from '../../api/use-api.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { Overlap } from '../../ui/overlap.tsx';
import { t } from './messages.en.ts';

const HOURS = [24, 168, 1, 0] as const;

export function Rotate({ of, onSecret }: { of: ApiKey; onSecret: (secret: string | null) => void }) {
  const rotate = useAct('post', '/v1/api-keys/{keyId}/rotate');
  const [overlapHours, setOverlap] = useState<number>(HOURS[0]);
  return (
    <ConfirmButton
      label={t('rotate')}
      size="compact-xs"
      variant="default"
      title={t('rotate.title', { name: of.name })}
      consequence={
        <Stack>
          <Text size="sm">{t('rotate.text')}</Text>
          <Overlap offered={HOURS} value={overlapHours} onChange={setOverlap} />
        </Stack>
      }
      act={async () => {
        onSecret((await rotate.mutateAsync({ path: { keyId: of.keyId }, body: { overlapHours } })).secret);
      }}
    />
  );
}
