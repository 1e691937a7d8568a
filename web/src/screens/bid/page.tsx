/** One bid: placed and changed while its round is open, and afterwards what it was awarded and why. */
import type { Bid } from '../../../../shared/bid/bid.ts';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import type { PublicQueue, PublicRound } from '../../../../shared/queue/queue.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { absoluteText, dateText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState, Refused } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { ROUND_STATES } from '../market-parts/round-state.ts';
import { Editor } from './editor.tsx';
import { t } from './messages.en.ts';
import { Result } from './result.tsx';

const LIST = { href: '/bids', title: t('back') };

export default function BidPage() {
  const id = usePathParam('queue');
  const number = Number(usePathParam('round'));
  const queue = useRead('/v1/queues/{queue}', { path: { queue: id } });
  const rounds = usePages('/v1/queues/{queue}/rounds', { path: { queue: id }, query: { limit: 100 } });
  const bid = useRead('/v1/queues/{queue}/rounds/{round}/bid', { path: { queue: id, round: number } });
  const round = rounds.items.find((one) => one.round === number);
  return (
    <QueryState of={queue} isPage back={LIST}>
      {(found) => (
        <>
          <Head queue={found} round={round} number={number} />
          <QueryState of={rounds.query}>
            {() =>
              round === undefined ? <Empty title={t('noRound')} /> : <Body queue={found} round={round} bid={bid} />
            }
          </QueryState>
        </>
      )}
    </QueryState>
  );
}

type HeadProps = { queue: PublicQueue; round: PublicRound | undefined; number: number };

function Head({ queue, round, number }: HeadProps) {
  const isOpen = round?.state === 'open';
  const lead =
    round === undefined
      ? undefined
      : t(isOpen ? 'lead.open' : 'lead.result', {
          from: dateText(Date.parse(round.startsAt)),
          to: dateText(Date.parse(round.endsAt)),
          closes: absoluteText(Date.parse(round.closesAt)),
        });
  return (
    <PageHeader
      title={`${longName(queue.serviceClass)}: ${t(isOpen ? 'title' : 'title.result', { round: number })}`}
      {...(lead === undefined ? {} : { lead })}
      back={LIST}
      {...(round === undefined ? {} : { status: <StatusBadge state={round.state} states={ROUND_STATES} /> })}
    />
  );
}

type BodyProps = {
  queue: PublicQueue;
  round: PublicRound;
  bid: { data: Bid | undefined; error: unknown; dataUpdatedAt: number };
};

function Body({ queue, round, bid }: BodyProps) {
  const mayBid = useMay('provider.admin');
  const isMissing = bid.error instanceof ParleyProblem && bid.error.status === 404;
  const own = isMissing ? undefined : bid.data;
  if (own === undefined && !isMissing)
    return bid.error === null ? <div aria-busy="true" /> : <Refused error={bid.error} />;
  if (round.state === 'open')
    return <Editor key={own?.hash ?? 'none'} queue={queue} round={round} bid={own} mayBid={mayBid} />;
  if (own === undefined) return <Empty title={t('none')} />;
  if (round.state === 'clearing')
    return <Empty title={t('clearing', { at: absoluteText(Date.parse(round.startsAt)) })} />;
  return <Result bid={own} />;
}
