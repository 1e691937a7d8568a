/** The columns of the list of queues. */
import { Text } from '@mantine/core';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import type { ItemOf } from '../../api/types.ts';
import type { Column } from '../../ui/data-table.tsx';
import { moneyText } from '../../ui/format.ts';
import { Count, Money, Saving } from '../../ui/values.tsx';
import classes from './market.module.css';
import { t } from './messages.en.ts';
import { PriceHistory } from './price-history.tsx';
import { RoundClock } from './round-clock.tsx';
import { classDetails, classTitle } from './service-class.ts';
import { tipOfRound } from './tip.ts';
import { NoTip, OwnTip, TipBar } from './tip-bar.tsx';

type Own = ItemOf<'/v1/commitments'>;

/** `own` are the commitments of the company that looks; none for others. */
export function columnsFor(own: readonly Own[]): readonly Column<PublicQueue>[] {
  const inRound = (queue: PublicQueue) =>
    own.find(({ round }) => round.queue === queue.id && round.round === queue.open?.round)?.commitment;
  return [
    { key: 'queue', header: t('column.queue'), cell: (queue) => <Name queue={queue} /> },
    {
      key: 'volume',
      header: t('column.volume'),
      isNumber: true,
      cell: (queue) => <Volume queue={queue} mine={inRound(queue)?.volume} />,
    },
    { key: 'price', header: t('column.price'), isNumber: true, cell: (queue) => <Price queue={queue} /> },
    { key: 'saving', header: t('column.saving'), isNumber: true, cell: (queue) => <AgainstAlone queue={queue} /> },
    {
      key: 'tip',
      header: t('column.tip'),
      isNumber: true,
      cell: (queue) => <TipCell queue={queue} isMember={inRound(queue) !== undefined} />,
    },
    { key: 'round', header: t('column.round'), isNumber: true, cell: (queue) => <RoundClock queue={queue} /> },
  ];
}

function Name({ queue: { serviceClass } }: { queue: PublicQueue }) {
  return (
    <div className={classes.name}>
      <Text span fw={600}>
        {classTitle(serviceClass)}
      </Text>
      <Text size="sm" c="dimmed" fw={400}>
        {classDetails(serviceClass)}
      </Text>
    </div>
  );
}

function Volume({ queue: { current, open }, mine }: { queue: PublicQueue; mine: number | undefined }) {
  const members = current?.figures?.companies ?? open?.pooled?.members ?? null;
  return (
    <div>
      <Count value={current?.figures?.awarded ?? null} />
      <Text size="xs" c="dimmed">
        {members === null ? t('members.few') : t('members', { count: members })}
      </Text>
      {open?.pooled != null && (
        <Text size="xs" c="dimmed">
          {t('volume.committed', { count: open.pooled.committed })}
        </Text>
      )}
      {mine !== undefined && (
        <Text size="xs" c="dimmed">
          {t('volume.mine', { count: mine })}
        </Text>
      )}
    </div>
  );
}

function Price({ queue }: { queue: PublicQueue }) {
  const { current, currency, terms } = queue;
  const price = current?.averagePriceMicros ?? null;
  return (
    <div className={classes.price}>
      <PriceHistory queue={queue} />
      <div>
        {price === null ? (
          <Text span size="sm" c="dimmed">
            {t('price.none')}
          </Text>
        ) : (
          <Money micros={price} currency={currency} />
        )}
        <Text size="xs" c="dimmed" className="number">
          {t('price.atMost', { price: moneyText(terms.ceilingMicros, currency) })}
        </Text>
      </div>
    </div>
  );
}

function AgainstAlone({ queue: { current, currency } }: { queue: PublicQueue }) {
  const alone = current?.averageStandaloneMicros ?? null;
  return (
    <div>
      <Saving micros={current?.averagePriceMicros ?? null} aloneMicros={alone} />
      {alone !== null && (
        <Text size="xs" c="dimmed" className="number">
          {t('saving.alone', { price: moneyText(alone, currency) })}
        </Text>
      )}
    </div>
  );
}

/** Members of the open round see its tip; everybody sees that of the round that runs. */
function TipCell({ queue, isMember }: { queue: PublicQueue; isMember: boolean }) {
  const { current, open, currency } = queue;
  const tip = tipOfRound(current);
  const known =
    tip === null || current === null ? (
      <NoTip />
    ) : (
      <TipBar tip={tip} currency={currency} note={t('tip.round', { round: String(current.round) })} />
    );
  // Before the first provisional clearing there is nothing to tell.
  if (!isMember || open?.pooled == null) return known;
  return <OwnTip queue={queue.id} round={open.round} currency={currency} otherwise={known} />;
}
