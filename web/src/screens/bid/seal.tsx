/** The acknowledgement of a bid: when it came, its hash and nonce; and the way to take it back. */
import { Button, CopyButton, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { Bid } from '../../../../shared/bid/bid.ts';
import { useAct } from '../../api/use-api.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { absoluteText } from '../../ui/format.ts';
import classes from './bid.module.css';
import { t } from './messages.en.ts';

export function Seal({ bid, mayWithdraw }: { bid: Bid; mayWithdraw: boolean }) {
  const withdraw = useAct('delete', '/v1/queues/{queue}/rounds/{round}/bid');
  const path = { queue: bid.queue, round: bid.round };
  return (
    <Paper p="md">
      <Title order={2} mb={4}>
        {t('seal.title')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('seal.text', { at: absoluteText(Date.parse(bid.submittedAt)) })}
      </Text>
      <Stack gap="xs" mt="xs">
        <Kept what={t('seal.hash')} value={bid.hash} />
        <Kept what={t('seal.nonce')} value={bid.nonce} />
      </Stack>
      {mayWithdraw && (
        <Group mt="sm">
          <ConfirmButton
            label={t('withdraw')}
            variant="default"
            title={t('withdraw.title')}
            consequence={t('withdraw.text')}
            act={() => withdraw.mutateAsync({ path })}
            done={t('withdraw.done')}
          />
        </Group>
      )}
    </Paper>
  );
}

function Kept({ what, value }: { what: string; value: string }) {
  return (
    <Group gap="xs" justify="space-between" wrap="nowrap" align="flex-start">
      <div>
        <Text size="xs" c="dimmed">
          {what}
        </Text>
        <span className={classes.hash}>{value}</span>
      </div>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" onClick={copy} aria-label={t('seal.copy', { what })} flex="none">
            {copied ? t('seal.copied') : t('seal.copy', { what: what.toLowerCase() })}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
