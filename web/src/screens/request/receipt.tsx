/** The signed receipt of a settled request, checked here, without trusting the market's word. */
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import { saveBlob } from '../../api/file.ts';
import type { DataOf } from '../../api/types.ts';
import { useRead } from '../../api/use-api.ts';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { Signature } from '../receipt-parts/signature.tsx';
import { t } from './messages.en.ts';

type Signed = DataOf<'get', '/v1/requests/{request}/receipt'>;

export const useReceipt = (request: string, isSettled: boolean) =>
  useRead('/v1/requests/{request}/receipt', { path: { request } }, { enabled: isSettled });

export function ReceiptOf({ request, isSettled }: { request: string; isSettled: boolean }) {
  const receipt = useReceipt(request, isSettled);
  const isComing = receipt.error instanceof ParleyProblem && receipt.error.problem.code === 'receipt_not_ready';
  return (
    <Paper p="md">
      <Title order={2} mb="xs">
        {t('receipt.title')}
      </Title>
      {!isSettled || isComing ? (
        <Text c="dimmed">{t('receipt.notYet')}</Text>
      ) : (
        <QueryState of={receipt}>{(signed) => <Content request={request} signed={signed} />}</QueryState>
      )}
    </Paper>
  );
}

function Content({ request, signed }: { request: string; signed: Signed }) {
  const { confirmation, termsVersion, settledAt, thread } = signed.receipt;
  return (
    <Stack gap="xs">
      <Text>
        {t(`receipt.kind.${confirmation.kind}`)} (<When iso={confirmation.at} show="absolute" />
        ),{' '}
        {settledAt !== null && (
          <>
            {t('receipt.settled')} <When iso={settledAt} show="absolute" />{' '}
          </>
        )}
        {t('receipt.terms', { version: termsVersion })}.
      </Text>
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {t('receipt.words')}: {thread.words}
      </Text>
      <Signature jws={signed.jws} />
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          onClick={() => saveBlob(`${request}.jws`, new Blob([signed.jws], { type: 'application/jose' }))}
        >
          {t('receipt.save')}
        </Button>
      </Group>
    </Stack>
  );
}
