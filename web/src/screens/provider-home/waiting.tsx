/** What waits for somebody of this provider, and what it still lacks on its way. */
import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { Step } from '../../../../shared/checklist/checklist.ts';
import type { InboxItem } from '../../../../shared/inbox/inbox.ts';
import { useRead } from '../../api/use-api.ts';
import { moneyText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { elsewhere } from '../company-parts/elsewhere.ts';
import { longName } from '../company-parts/queue-name.ts';
import { useQueueList } from '../company-parts/queues.tsx';
import { t } from './messages.en.ts';

const SHOWN = 8;
const REFRESH_MS = 60_000;

export function Waiting() {
  const inbox = useRead('/v1/inbox', { query: { limit: SHOWN } }, { refreshMs: REFRESH_MS });
  const names = new Map(useQueueList().map(({ id, serviceClass }) => [id, longName(serviceClass)]));
  const nameOf = (queue: string) => names.get(queue) ?? queue;
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        {t('inbox.title')}
      </Title>
      <QueryState of={inbox}>
        {({ items, next, isWhole }) => (
          <Stack gap="xs">
            {items.length === 0 && <Text c="dimmed">{t('inbox.empty')}</Text>}
            {items.map((item) => (
              <Item key={item.id} item={item} nameOf={nameOf} />
            ))}
            {(next !== null || !isWhole) && (
              <Text size="sm" c="dimmed">
                {t('inbox.partly')}
              </Text>
            )}
          </Stack>
        )}
      </QueryState>
    </Paper>
  );
}

type NameOf = (queue: string) => string;

function Item({ item, nameOf }: { item: InboxItem; nameOf: NameOf }) {
  const { text, href } = inboxText(item, nameOf);
  return (
    <div>
      {href === undefined ? <Text>{text}</Text> : <Go href={href}>{text}</Go>}
      {item.deadline !== null && (
        <Text size="sm" c="dimmed" component="div">
          {t('inbox.until')} <When iso={item.deadline} /> (<When iso={item.deadline} show="absolute" />)
        </Text>
      )}
    </div>
  );
}

/** An item in words, and where it is dealt with. Kinds of other parties never reach a provider. */
function inboxText(item: InboxItem, nameOf: NameOf): { text: string; href?: string | undefined } {
  switch (item.kind) {
    case 'dispute_to_answer': {
      const { dispute, micros, currency } = item.facts;
      const text = t('inbox.dispute_to_answer', { money: moneyText(micros, currency) });
      return { text, href: elsewhere('/disputes/$dispute', { dispute }) };
    }
    case 'bid_missing': {
      const { queue, round } = item.facts;
      return { text: t('inbox.bid_missing', { queue: nameOf(queue), round }), href: `/bids/${queue}/${round}` };
    }
    case 'turn_due': {
      const { lease, queue } = item.facts;
      return { text: t('inbox.turn_due', { queue: nameOf(queue) }), href: `/desk?turn=${lease}` };
    }
    case 'payout_account_needs':
      return { text: t('inbox.payout_account_needs'), href: elsewhere('/payout-account') };
    case 'bank_refused': {
      const { micros, currency, reason } = item.facts;
      const text = t('inbox.bank_refused', { money: moneyText(micros, currency), reason });
      return { text, href: elsewhere('/payout-account') };
    }
    case 'pay_held':
      return { text: t('inbox.pay_held'), href: elsewhere('/payouts') };
    case 'webhook_off': {
      const { webhook, description } = item.facts;
      return { text: t('inbox.webhook_off', { name: description }), href: `/webhooks/${webhook}` };
    }
    case 'certificate_rejected': {
      const { title, note } = item.facts;
      return { text: t('inbox.certificate_rejected', { title, note }), href: elsewhere('/certificates') };
    }
    case 'certificate_ends':
      return { text: t('inbox.certificate_ends', { title: item.facts.title }), href: elsewhere('/certificates') };
    default:
      return { text: item.kind.replaceAll('_', ' ') };
  }
}

/** Where each step is done. */
const stepHref = ({ step }: Step): string | undefined => {
  if (step === 'bid') return '/opportunities';
  if (step === 'availability') return '/availability';
  if (step === 'payout_profile' || step === 'payout_account') return elsewhere('/payout-account');
  if (step === 'certificates') return elsewhere('/certificates');
  return step === 'sandbox' ? elsewhere('/sandbox') : undefined;
};

export function Missing() {
  const { data } = useRead('/v1/organisation/checklist');
  const missing = (data?.steps ?? []).filter(({ isDone }) => !isDone);
  if (missing.length === 0) return null;
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        {t('missing.title')}
      </Title>
      <Stack gap="xs">
        {missing.map((step) => (
          <MissingStep key={step.step} step={step} />
        ))}
      </Stack>
    </Paper>
  );
}

function MissingStep({ step }: { step: Step }) {
  const href = stepHref(step);
  const text = t(`missing.${step.step as 'sandbox'}`);
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      {href === undefined ? <Text>{text}</Text> : <Go href={href}>{text}</Go>}
      <Badge
        color={step.isRequired ? 'yellow' : 'gray'}
        className={step.isRequired ? 'badge-warning' : 'badge-neutral'}
        flex="none"
      >
        {t(step.isRequired ? 'missing.required' : 'missing.advised')}
      </Badge>
    </Group>
  );
}
