/** What it is, in three steps. */
import { t } from './messages.en.ts';
import classes from './welcome.module.css';

const STEPS = ['pool', 'bargain', 'pay'] as const;

export function How() {
  return (
    <section className={classes.section}>
      <h2>{t('how.title')}</h2>
      <ol className={classes.cards}>
        {STEPS.map((step, n) => (
          <li key={step} className={classes.card}>
            <h3>
              {n + 1}. {t(`how.${step}`)}
            </h3>
            <p>{t(`how.${step}.text`)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
