/** The signed receipt of a turn, to read and to keep. */
import { Button, Paper, Table, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import { saveBlob } from '../../api/file.ts';
import type { DataOf } from '../../api/types.ts';
import { useRead } from '../../api/use-api.ts';
import { QueryState } from '../../ui/states.tsx';
import { Money, When } from '../../ui/values.tsx';
import { t as desk } from '../desk/messages.en.ts';
import { t } from './messages.en.ts';
import classes from './receipt.module.css';

export function ReceiptPart({ lease }: { lease: string }) {
  const signed = useRead('/v1/leases/{lease}/receipt', { path: { lease } });
  const isNotYet = signed.error instanceof ParleyProblem && signed.error.status === 409;
  return (
    <Paper p="md">
      <Title order={2}>{t('receipt.title')}</Title>
      {isNotYet ? (
        <Text size="sm" c="dimmed">
          {t('receipt.notYet')}
        </Text>
      ) : (
        <QueryState of={signed}>{(found) => <Facts signed={found} lease={lease} />}</QueryState>
      )}
    </Paper>
  );
}

function Facts({ signed, lease }: { signed: DataOf<'get', '/v1/leases/{lease}/receipt'>; lease: string }) {
  const { price, claim, confirmation, settledAt, termsVersion, thread } = signed.receipt;
  const rows: readonly (readonly [string, ReactNode])[] = [
    [
      t('receipt.paid'),
      price === null ? (
        t('receipt.paid.none')
      ) : (
        <Money key="paid" micros={price.micros} currency={price.currency} exact />
      ),
    ],
    [t('receipt.outcome'), desk(`resolve.${claim.outcome}`)],
    [t('receipt.kind'), t(`receipt.${confirmation.kind}`)],
    [t('receipt.settled'), <When key="settled" iso={settledAt} show="absolute" />],
    [t('receipt.terms'), termsVersion],
    [
      t('receipt.summaryHash'),
      <span key="summary" className={classes.hash}>
        {claim.summaryHash}
      </span>,
    ],
    [
      t('receipt.evidenceHash'),
      <span key="evidence" className={classes.hash}>
        {claim.evidenceHash}
      </span>,
    ],
    ...(thread.messages === null
      ? []
      : [
          [
            t('receipt.threadHash'),
            <span key="thread" className={classes.hash}>
              {thread.messages}
            </span>,
          ] as const,
        ]),
  ];
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        {t('receipt.lead')}
      </Text>
      <Table>
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} c="dimmed">
                {name}
              </Table.Th>
              <Table.Td ta="right">{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Button
        mt="sm"
        variant="default"
        leftSection={<IconDownload size={16} />}
        onClick={() => saveBlob(`receipt-${lease}.jws`, new Blob([signed.jws], { type: 'application/jose' }))}
      >
        {t('receipt.save')}
      </Button>
    </>
  );
}
