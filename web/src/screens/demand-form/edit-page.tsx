/** Changes what is committed to a round that is still open. */

import { useRead } from '../../api/use-api.ts';
import { useGo, usePathParam } from '../../app/navigate.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { t } from './messages.en.ts';
import { Steps } from './steps.tsx';
import { valuesOf } from './values.ts';

export default function EditDemand() {
  const go = useGo();
  const [id, round] = [usePathParam('queue'), Number(usePathParam('round'))];
  const here = `/demand/${id}/${round}`;
  const commitment = useRead('/v1/queues/{queue}/rounds/{round}/commitment', { path: { queue: id, round } });
  const queue = useRead('/v1/queues/{queue}', { path: { queue: id } });
  const version = queue.data?.open?.termsVersion ?? 1;
  const terms = useRead(
    '/v1/queues/{queue}/terms/{version}',
    { path: { queue: id, version } },
    { enabled: queue.data !== undefined },
  );
  return (
    <>
      <PageHeader title={t('title.edit')} lead={t('lead')} back={{ href: here, title: t('back') }} />
      <QueryState of={commitment}>
        {(own) => (
          <QueryState of={queue}>
            {(found) => (
              <QueryState of={terms}>
                {({ terms: rules }) =>
                  found.open?.round === round ? (
                    <Steps
                      queue={found}
                      round={found.open}
                      terms={rules}
                      initial={valuesOf(own)}
                      isEdit
                      onBack={() => go(here)}
                    />
                  ) : (
                    <Empty title={t('queue.none')} text={t('queue.none.text')} />
                  )
                }
              </QueryState>
            )}
          </QueryState>
        )}
      </QueryState>
    </>
  );
}
