/** The queues whose next round takes commitments, with what one would want to know to choose. */
import { Button, Group, Paper, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { useWhole } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { useMay } from '../../auth/session.ts';
import { moneyText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { Count, Money, Saving, When } from '../../ui/values.tsx';
import { useCommitments } from '../company-parts/own.ts';
import { ClassName } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

const FIND_FROM = 7;

export function ChooseQueue({ onChoose }: { onChoose: (queue: string) => void }) {
  const queues = useWhole('/v1/queues', { query: { limit: 100 } });
  return (
    <Stack>
      <div>
        <Title order={2}>{t('queue.title')}</Title>
        <Text c="dimmed">{t('queue.lead')}</Text>
      </div>
      <QueryState of={queues}>{({ items }) => <Queues all={items} onChoose={onChoose} />}</QueryState>
    </Stack>
  );
}

function Queues({ all, onChoose }: { all: readonly PublicQueue[]; onChoose: (queue: string) => void }) {
  const now = useNow();
  const [find, setFind] = useState('');
  const committed = new Set(useCommitments().items.map(({ commitment }) => `${commitment.queue}#${commitment.round}`));
  const open = all.filter((queue) => queue.open?.state === 'open' && Date.parse(queue.open.closesAt) > now);
  const words = find.toLowerCase().split(/\s+/);
  const found = open.filter((queue) =>
    words.every((word) => longName(queue.serviceClass).toLowerCase().includes(word)),
  );
  if (open.length === 0) return <Empty title={t('queue.none')} text={t('queue.none.text')} />;
  return (
    <>
      {open.length >= FIND_FROM && (
        <TextInput
          label={t('queue.find')}
          type="search"
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
          maw={360}
        />
      )}
      {found.length === 0 && <Text c="dimmed">{t('queue.noMatch', { find })}</Text>}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {found.map((queue) => (
          <QueueCard
            key={queue.id}
            queue={queue}
            isCommitted={committed.has(`${queue.id}#${queue.open?.round}`)}
            onChoose={onChoose}
          />
        ))}
      </SimpleGrid>
    </>
  );
}

type CardProps = { queue: PublicQueue; isCommitted: boolean; onChoose: (queue: string) => void };

function QueueCard({ queue, isCommitted, onChoose }: CardProps) {
  const { current, open, currency, terms } = queue;
  const mayCommit = useMay('company.admin');
  const price = current?.averagePriceMicros ?? null;
  return (
    <Paper p="md">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <ClassName of={queue.serviceClass} />
        {(!isCommitted || !mayCommit) && (
          <Button
            size="xs"
            flex="none"
            onClick={() => onChoose(queue.id)}
            aria-label={`${t('queue.choose')}: ${longName(queue.serviceClass)}`}
          >
            {t('queue.choose')}
          </Button>
        )}
      </Group>
      <Group mt="sm" gap="lg">
        <Fact label={t('queue.price')}>
          {price === null ? (
            t('queue.atMost', { price: moneyText(terms.ceilingMicros, currency) })
          ) : (
            <Money micros={price} currency={currency} exact />
          )}
        </Fact>
        <Fact label={t('queue.saving')}>
          <Saving micros={price} aloneMicros={current?.averageStandaloneMicros ?? null} />
        </Fact>
        <Fact label={t('queue.members')}>
          <Count value={current?.figures?.companies ?? null} />
        </Fact>
        <Fact label={t('queue.closes')}>
          <When iso={open?.closesAt ?? null} />
        </Fact>
      </Group>
      {isCommitted && (
        <Text size="sm" mt="sm">
          <Go href={`/demand/${queue.id}/${open?.round}`}>
            {t(mayCommit ? 'queue.committed' : 'queue.committed.see')}
          </Go>
        </Text>
      )}
    </Paper>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="div">{children}</Text>
    </div>
  );
}
