/** The market in four figures. Each is a sum of the table below it. */
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { useNow } from '../../app/market-time.ts';
import { Figure, Figures } from '../../ui/figures.tsx';
import { moneyText, percentText } from '../../ui/format.ts';
import { Count, Money, TimeLeft } from '../../ui/values.tsx';
import { t } from './messages.en.ts';
import { nextClose, totalsOf } from './totals.ts';

export function Totals({ queues }: { queues: readonly PublicQueue[] }) {
  const now = useNow();
  const [total] = totalsOf(queues);
  const close = nextClose(queues, now);
  if (total === undefined && close === null) return null;
  return (
    <Figures>
      {total !== undefined && (
        <>
          <Figure name={t('total.requests')} note={t('total.requests.text', { queues: total.queues })}>
            <Count value={total.requests} />
          </Figure>
          <Figure
            name={t('total.paid')}
            note={t('total.paid.text', { alone: moneyText(total.aloneMicros, total.currency) })}
          >
            <Money micros={total.paidMicros} currency={total.currency} />
          </Figure>
          <Figure name={t('total.saved')} note={t('total.saved.text', { share: percentText(total.savedBps) })}>
            <span className={total.savedMicros > 0 ? 'good' : ''}>
              <Money micros={total.savedMicros} currency={total.currency} />
            </span>
          </Figure>
        </>
      )}
      {close !== null && (
        <Figure name={t('total.next')} note={t('total.next.text')}>
          <TimeLeft iso={close} />
        </Figure>
      )}
    </Figures>
  );
}
