/** Awards that wait for a second person: proposed by one, released by another. */
import type { RoundRelease } from '../../../../shared/round/release.ts';
import { useAct } from '../../api/use-api.ts';
import { useMay, useSignedIn } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { moneyText } from '../../ui/format.ts';
import { PersonName } from '../../ui/names.tsx';
import { Count, Money, TimeLeft, When } from '../../ui/values.tsx';
import { QueueName, useQueueList } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

export function useReleaseColumns(): readonly Column<RoundRelease>[] {
  const operates = useMay('market.operator');
  const currencies = new Map(useQueueList().map(({ id, currency }) => [id, currency]));
  const currencyOf = (queue: string) => currencies.get(queue) ?? 'USD';
  return [
    { key: 'queue', header: t('column.queue'), cell: ({ queue }) => <QueueName id={queue} /> },
    { key: 'round', header: t('column.round'), isNumber: true, cell: ({ round }) => <Count value={round} /> },
    {
      key: 'worth',
      header: t('column.worth'),
      isNumber: true,
      cell: ({ queue, billingsMicros }) => <Money micros={billingsMicros} currency={currencyOf(queue)} />,
    },
    {
      key: 'above',
      header: t('column.above'),
      isNumber: true,
      cell: ({ queue, aboveMicros }) => <Money micros={aboveMicros} currency={currencyOf(queue)} />,
    },
    { key: 'starts', header: t('column.starts'), cell: ({ startsAt }) => <TimeLeft iso={startsAt} /> },
    { key: 'state', header: t('column.state'), cell: (release) => <State release={release} /> },
    ...(operates
      ? [
          {
            key: 'do',
            header: t('column.do'),
            cell: (release: RoundRelease) => <Release release={release} currency={currencyOf(release.queue)} />,
          },
        ]
      : []),
  ];
}

function State({ release: { state, proposedAt, proposedBy } }: { release: RoundRelease }) {
  return (
    <>
      {t(`state.${state}`)}{' '}
      {state === 'proposed' && (
        <>
          <When iso={proposedAt} /> (<PersonName id={proposedBy} />)
        </>
      )}
    </>
  );
}

function Release({ release, currency }: { release: RoundRelease; currency: string }) {
  const { user } = useSignedIn();
  const act = useAct('post', '/v1/operator/queues/{queue}/rounds/{round}/release');
  const { queue, round, state, proposedBy, billingsMicros } = release;
  if (state === 'released') return null;
  const isFirst = state === 'awaited';
  return (
    <ConfirmButton
      label={t(isFirst ? 'propose' : 'release')}
      size="compact-sm"
      whyNot={proposedBy === user ? t('release.own') : null}
      title={t(isFirst ? 'propose.title' : 'release.title.do')}
      consequence={t('release.text', { worth: moneyText(billingsMicros, currency) })}
      act={() => act.mutateAsync({ path: { queue, round } })}
      done={t(isFirst ? 'propose.done' : 'release.done')}
    />
  );
}
