/** What waits for somebody of this company, and what it still lacks on its way. */
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { Step } from '../../../../shared/checklist/checklist.ts';
import type { InboxItem } from '../../../../shared/inbox/inbox.ts';
import { useRead } from '../../api/use-api.ts';
import { moneyText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { When } from '../../ui/values.tsx';
import { elsewhere } from '../company-parts/elsewhere.ts';
import { t } from './messages.en.ts';

const SHOWN = 8;

export function Waiting() {
  const inbox = useRead('/v1/inbox', { query: { limit: SHOWN } });
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
              <Item key={item.id} item={item} />
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

function Item({ item }: { item: InboxItem }) {
  const { text, href } = inboxText(item);
  return (
    <div>
      {href === undefined ? <Text>{text}</Text> : <Go href={href}>{text}</Go>}
      {item.deadline !== null && (
        <Text size="sm" c="dimmed">
          {t('inbox.until')} <When iso={item.deadline} /> (<When iso={item.deadline} show="absolute" />)
        </Text>
      )}
    </div>
  );
}

/** An item in words, and where it is dealt with. Kinds of other parties never reach a company. */
function inboxText(item: InboxItem): { text: string; href: string | undefined } {
  const said = (text: string, href?: string) => ({ text, href });
  switch (item.kind) {
    case 'dispute_offer': {
      const { dispute, micros, currency } = item.facts;
      return said(
        t('inbox.dispute_offer', { money: moneyText(micros, currency) }),
        elsewhere('/disputes/$dispute', { dispute }),
      );
    }
    case 'invoice_due': {
      const { invoice, number, micros, currency } = item.facts;
      const money = moneyText(micros, currency);
      return said(
        t('inbox.invoice_due', { number: number ?? '', money }),
        elsewhere('/invoices/$invoice', { invoice }),
      );
    }
    case 'requests_paused':
      return said(
        t('inbox.requests_paused', { reasons: item.facts.reasons.join(', ').replaceAll('_', ' ') }),
        elsewhere('/invoices'),
      );
    case 'budget_used':
      return said(t('inbox.budget_used', { percent: item.facts.percent, month: item.facts.month }), '/budget');
    case 'commitment_missing': {
      const { queue, round } = item.facts;
      return said(t('inbox.commitment_missing', { queue, round }), `/demand/new?queue=${queue}`);
    }
    case 'messages_refused':
      return said(
        t('inbox.messages_refused', { name: item.facts.name }),
        elsewhere('/connectors/$connector', { connector: item.facts.connector }),
      );
    case 'webhook_off':
      return said(
        t('inbox.webhook_off', { name: item.facts.description }),
        elsewhere('/webhooks/$webhook', { webhook: item.facts.webhook }),
      );
    default:
      return said(item.kind.replaceAll('_', ' '));
  }
}

/** Where each step is done. */
const stepHref = (step: Step): string | undefined => {
  const queue = step.queues[0];
  switch (step.step) {
    case 'commitment':
      return '/demand/new';
    case 'way_in':
      return elsewhere('/api-keys') ?? '/imports/new';
    case 'playbook':
      return queue === undefined ? '/playbooks' : `/playbooks/${queue}`;
    case 'budget':
      return '/budget';
    case 'billing_profile':
      return elsewhere('/billing-profile');
    case 'payment_method':
      return elsewhere('/billing-profile');
    case 'sandbox':
      return elsewhere('/sandbox');
    default:
      return undefined;
  }
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

const NEEDS = {
  required: { text: t('missing.required'), tone: 'warning' },
  advised: { text: t('missing.advised'), tone: 'neutral' },
} as const;

function MissingStep({ step }: { step: Step }) {
  const href = stepHref(step);
  const text = t(`missing.${step.step as 'sandbox'}`);
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      {href === undefined ? <Text>{text}</Text> : <Go href={href}>{text}</Go>}
      <StatusBadge state={step.isRequired ? 'required' : 'advised'} states={NEEDS} />
    </Group>
  );
}
