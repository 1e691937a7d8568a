/** What stands below each screen on a guided walk: what to look at, and the way on. */
import { Button, Text } from '@mantine/core';
import { useGo } from '../../app/navigate.ts';
import { endWalk, type Walk, walkTo } from '../../app/tour.ts';
import { t } from './messages.en.ts';
import classes from './tour.module.css';
import { useStops } from './use-stops.ts';

export default function TourBar({ walk: { door, step } }: { walk: Walk }) {
  const go = useGo();
  const stops = useStops(door).data ?? [];
  const stop = stops[step];
  if (stop === undefined) return null;
  const to = (next: number) => {
    const target = stops[next];
    if (target === undefined) return endWalk();
    walkTo(door, next);
    go(target.path);
  };
  const isLast = step === stops.length - 1;
  return (
    <section className={`${classes.bar} no-print`} aria-label={t('bar')}>
      <div className={classes.text}>
        <Text size="xs" c="dimmed">
          {t('bar.step', { title: t(`title.${door}`), n: step + 1, all: stops.length })}
        </Text>
        <Text fw={600}>{t(`stop.${stop.name}` as 'stop.market')}</Text>
        <Text size="sm" role="status">
          {t(`stop.${stop.name}.text` as 'stop.market.text')}
        </Text>
      </div>
      <div className={classes.acts}>
        {!isLast && (
          <Button variant="subtle" size="xs" onClick={endWalk}>
            {t('bar.end')}
          </Button>
        )}
        {step > 0 && (
          <Button variant="default" size="xs" onClick={() => to(step - 1)}>
            {t('bar.back')}
          </Button>
        )}
        <Button size="xs" onClick={() => to(step + 1)}>
          {t(isLast ? 'bar.done' : 'bar.next')}
        </Button>
      </div>
    </section>
  );
}
