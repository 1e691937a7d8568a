/** How many disputes are open, and when the next of their clocks runs out. */
import { usePages } from '../../api/use-api.ts';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure } from '../../ui/figures.tsx';
import { Count, TimeLeft } from '../../ui/values.tsx';
import { OPEN_DISPUTES } from '../finance-parts/states.ts';
import { t } from './messages.en.ts';

export function OpenDisputes({ isCompany }: { isCompany: boolean }) {
  const { items, query } = usePages('/v1/disputes', { query: { limit: 100 } });
  const open = items.filter(({ state, clock }) =>
    isCompany ? OPEN_DISPUTES.includes(state) : clock?.waitsFor === 'provider',
  );
  const [next] = open.flatMap(({ clock }) => (clock?.until == null ? [] : [clock.until])).sort();
  return (
    <Figure
      name={t(isCompany ? 'disputes' : 'toAnswer')}
      note={
        next === undefined ? (
          t(open.length === 0 ? 'disputes.none' : 'disputes.agreed')
        ) : (
          <>
            {t('disputes.next')} <TimeLeft iso={next} />
          </>
        )
      }
    >
      <FigureLink href="/disputes" what={t('disputes.open')}>
        <Count value={query.data === undefined ? null : open.length} />
      </FigureLink>
    </Figure>
  );
}
