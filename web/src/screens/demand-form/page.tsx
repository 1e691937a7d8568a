/** Posts demand for the open round of a queue; the queue may stand in the address, and a volume that was worked out before. */

import { useRead } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { ChooseQueue } from './choose-queue.tsx';
import { t } from './messages.en.ts';
import { Progress, Steps } from './steps.tsx';
import { emptyValues } from './values.ts';

export default function PostDemand() {
  const mayCommit = useMay('company.admin');
  const [{ queue, volume }, setState] = useUrlState({ queue: '', volume: '' });
  return (
    <>
      <PageHeader
        title={t(mayCommit ? 'title' : 'title.ask')}
        lead={t(mayCommit ? 'lead' : 'lead.ask')}
        back={{ href: '/demand', title: t('back') }}
      />
      {queue === '' ? (
        <>
          <Progress step={0} onStep={() => undefined} />
          <ChooseQueue onChoose={(chosen) => setState({ queue: chosen })} />
        </>
      ) : (
        <ForQueue key={queue} id={queue} volume={Number(volume) || null} onBack={() => setState({ queue: '' })} />
      )}
    </>
  );
}

function ForQueue({ id, volume, onBack }: { id: string; volume: number | null; onBack: () => void }) {
  const queue = useRead('/v1/queues/{queue}', { path: { queue: id } });
  const version = queue.data?.open?.termsVersion;
  const terms = useRead(
    '/v1/queues/{queue}/terms/{version}',
    { path: { queue: id, version: version ?? 1 } },
    { enabled: version !== undefined },
  );
  return (
    <QueryState of={queue}>
      {(found) =>
        found.open === null || found.open.state !== 'open' ? (
          <Empty title={t('queue.none')} text={t('queue.none.text')} />
        ) : (
          <QueryState of={terms}>
            {({ terms: rules }) => (
              <Steps
                queue={found}
                round={found.open!}
                terms={rules}
                initial={{ ...emptyValues(found.currency), volume }}
                isEdit={false}
                onBack={onBack}
              />
            )}
          </QueryState>
        )
      }
    </QueryState>
  );
}
