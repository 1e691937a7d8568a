/** The signed receipt of a settled request, checked here, without trusting the market's word. */
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import { call } from '../../api/call.ts';
import { saveBlob } from '../../api/file.ts';
import type { DataOf } from '../../api/types.ts';
import { useRead } from '../../api/use-api.ts';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
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
      <Group gap="xs">
        <Check jws={signed.jws} />
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

function Check({ jws }: { jws: string }) {
  const [result, setResult] = useState<string | null>(null);
  const [isChecking, setChecking] = useState(false);
  const check = async () => {
    setChecking(true);
    try {
      const [{ verifyReceipt }, keys] = await Promise.all([
        import('../../../../shared/receipt/verify.ts'),
        call('get', '/v1/receipts/jwks', {}),
      ]);
      const verified = await verifyReceipt(jws, keys);
      setResult(verified.ok ? '' : verified.detail);
    } catch (error) {
      setResult(error instanceof Error ? error.message : String(error));
    }
    setChecking(false);
  };
  if (result !== null)
    return (
      <Text role="status" w="100%" className={result === '' ? 'good' : 'bad'}>
        {result === '' ? t('receipt.valid') : t('receipt.invalid', { why: result })}
      </Text>
    );
  return (
    <Button variant="default" size="xs" loading={isChecking} onClick={() => void check()}>
      {t('receipt.check')}
    </Button>
  );
}
