/** What is open in a queue over all its rounds, and how its resolutions turned out. */
import type { OpenWork } from '../../../../shared/operations/operations.ts';
import { useRead } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { Figure, Figures } from '../../ui/figures.tsx';
import { countText } from '../../ui/format.ts';
import { Count, Percent, TimeLeft } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

const REFRESH_MS = 30_000;

export function OpenWorkOf({ queue }: { queue: string }) {
  const { data } = useRead('/v1/queues/{queue}/open-work', { path: { queue } }, { refreshMs: REFRESH_MS });
  return data === undefined ? null : <Work of={data} />;
}

function Work({ of: { open, overdue, earliestDeadline, resolved, looked } }: { of: OpenWork }) {
  const now = useNow();
  const isLate = earliestDeadline !== null && Date.parse(earliestDeadline) <= now;
  const share = (part: number) => (resolved.count === 0 ? null : Math.round((10_000 * part) / resolved.count));
  return (
    <Figures>
      <Figure
        name={t('work.waiting')}
        note={(open.held_back ?? 0) > 0 && t('work.held', { count: open.held_back ?? 0 })}
      >
        <Count value={(open.queued ?? 0) + (open.held_back ?? 0)} />
      </Figure>
      <Figure name={t('work.working')}>
        <Count value={open.working ?? 0} />
      </Figure>
      <Figure name={t('work.judge')}>
        <Count value={open.resolved ?? 0} />
      </Figure>
      <Figure
        name={t('work.overdue')}
        note={
          earliestDeadline !== null &&
          !isLate && (
            <>
              {t('work.next')} <TimeLeft iso={earliestDeadline} />
            </>
          )
        }
      >
        <span className={overdue > 0 ? 'bad' : undefined}>
          <Count value={overdue} />
        </span>
      </Figure>
      <Figure
        name={t('work.inTime')}
        note={t(looked.isAtLeast ? 'work.ofNewest' : 'work.of', {
          count: countText(resolved.count),
          looked: countText(looked.count),
        })}
      >
        <Percent bps={share(resolved.withinSla)} />
      </Figure>
      <Figure name={t('work.reopened')}>
        <Percent bps={share(resolved.reopened)} />
      </Figure>
    </Figures>
  );
}
