/** Three ways to be led through the market. */
import { Go } from '../../ui/go.tsx';
import { t } from './messages.en.ts';
import classes from './welcome.module.css';

const DOORS = ['buy', 'provide', 'review'] as const;

export function Doors() {
  return (
    <section className={classes.section}>
      <h2>{t('doors.title')}</h2>
      <p>{t('doors.text')}</p>
      <ul className={classes.cards}>
        {DOORS.map((door) => (
          <li key={door}>
            <Go href={`/tour/${door}`} className={classes.card}>
              <h3>{t(`doors.${door}`)}</h3>
              <p>{t(`doors.${door}.text`)}</p>
            </Go>
          </li>
        ))}
      </ul>
    </section>
  );
}
