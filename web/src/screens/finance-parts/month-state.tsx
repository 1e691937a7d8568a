/** Whether a month of the ledger still takes entries. */
import { useRead } from '../../api/use-api.ts';
import { Figure } from '../../ui/figures.tsx';
import { t } from './messages.en.ts';

export function MonthState({ period }: { period: string }) {
  const periods = useRead('/v1/periods').data?.items;
  if (periods === undefined) return null;
  const state = periods.find((one) => one.period === period)?.state ?? 'open';
  return (
    <Figure name={t('month.state')} note={t(`month.state.note.${state}`)}>
      {t(`month.state.${state}`)}
    </Figure>
  );
}
