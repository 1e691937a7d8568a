/** Requests by queue, round and state, from either end, and the way to a single one. */
import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { OwnCommitment } from '../../../../shared/award/own-list.ts';
import type { RequestView } from '../../../../shared/request/request.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { useRead } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { Go } from '../../ui/go.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { queuesOf, useCommitments } from '../company-parts/own.ts';
import { REQUEST_STATES, STATES_IN_ORDER } from '../company-parts/request-state.ts';
import { DownloadButton } from '../finance-parts/download.tsx';
import { useQueueList } from '../market-parts/queues.tsx';
import { RequestList, RequestTable } from './list.tsx';
import { t } from './messages.en.ts';
import { OpenWorkOf } from './open-work.tsx';
import { type Result, Search } from './search.tsx';

export default function Requests() {
  const maySend = useMay('company.admin', 'company.operator');
  const commitments = useCommitments();
  const [result, setResult] = useState<Result | null>(null);
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          maySend && (
            <>
              <LinkButton variant="default" href="/imports/new">
                {t('import')}
              </LinkButton>
              <LinkButton href="/requests/new">{t('send')}</LinkButton>
            </>
          )
        }
      />
      <Stack>
        <Search onResult={setResult} />
        {result === null ? (
          <QueryState of={commitments.query}>{() => <Browse own={commitments.items} />}</QueryState>
        ) : (
          <FoundRequests result={result} onClear={() => setResult(null)} />
        )}
      </Stack>
    </>
  );
}

function FoundRequests({ result: { text, found }, onClear }: { result: Result; onClear: () => void }) {
  const clear = (
    <Button variant="default" size="xs" onClick={onClear}>
      {t('find.clear')}
    </Button>
  );
  if (found === null)
    return (
      <Empty title={t('find.none', { text })} text={t('find.none.text')}>
        {clear}
      </Empty>
    );
  return (
    <>
      <Group>
        <Text role="status">{t('find.for', { customer: found.customer })}</Text>
        {clear}
      </Group>
      <RequestTable rows={found.items} />
    </>
  );
}

/** Queue, round and state stand in the address; at first the queue and round that run now. */
function Browse({ own }: { own: readonly OwnCommitment[] }) {
  const list = useQueueList();
  const seesFiles = useMay('company.admin', 'company.finance');
  const seesErasures = useMay('company.admin', 'company.operator');
  const now = own.find(({ round }) => round.state === 'active') ?? own[0];
  const [{ queue, round, state }, setState] = useUrlState({
    queue: now?.commitment.queue ?? list[0]?.id ?? '',
    round: '',
    state: '',
  });
  const rounds = useRounds(queue);
  if (queue === '') return <Empty title={t('noQueue')} text={t('noQueue.text')} />;
  const shown = round === '' ? String(rounds[0] ?? 0) : round;
  const committed = queuesOf(own);
  const ordered = [...list].sort((a, b) => Number(committed.includes(b.id)) - Number(committed.includes(a.id)));
  return (
    <>
      <Group align="flex-end" gap="sm">
        <Select
          label={t('queue')}
          data={ordered.map(({ id, serviceClass }) => ({ value: id, label: longName(serviceClass) }))}
          value={queue}
          onChange={(value) => setState({ queue: value ?? queue, round: '' })}
          allowDeselect={false}
          w={{ base: '100%', xs: 340 }}
          searchable
        />
        <Select
          label={t('round')}
          data={[
            ...rounds.map((each) => ({ value: String(each), label: t('round.option', { round: each }) })),
            { value: '0', label: t('round.none') },
          ]}
          value={shown}
          onChange={(value) => setState({ round: value ?? '' })}
          allowDeselect={false}
          w={{ base: '100%', xs: 170 }}
        />
        <Select
          label={t('state')}
          data={[
            { value: '', label: t('state.all') },
            ...STATES_IN_ORDER.map((value) => ({ value, label: REQUEST_STATES[value].text })),
          ]}
          value={state}
          onChange={(value) => setState({ state: value ?? '' })}
          allowDeselect={false}
          w={{ base: '100%', xs: 200 }}
        />
        {seesFiles && shown !== '0' && (
          <DownloadButton
            label={t('csv')}
            name={`requests-${queue}-${shown}.csv`}
            path="/v1/exports/requests/csv"
            query={{ queue, round: shown }}
          />
        )}
        {seesErasures && <Go href="/erasures">{t('erasures')}</Go>}
      </Group>
      <OpenWorkOf queue={queue} />
      <RequestList
        key={`${queue}#${shown}`}
        queue={queue}
        round={Number(shown)}
        state={isState(state) ? state : undefined}
      />
    </>
  );
}

const isState = (text: string): text is RequestView['state'] => STATES_IN_ORDER.some((state) => state === text);

/** Rounds of a queue that have begun, the newest first: only they take requests. */
function useRounds(queue: string): number[] {
  const rounds = useRead(
    '/v1/queues/{queue}/rounds',
    { path: { queue }, query: { limit: 100 } },
    { enabled: queue !== '' },
  );
  return (rounds.data?.items ?? [])
    .filter(({ state }) => state !== 'open' && state !== 'clearing')
    .map(({ round }) => round);
}
