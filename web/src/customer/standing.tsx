/** Where the request stands: in a sentence, as steps, with the wait where one waits, and what was done. */
import type { View } from './api.ts';
import { useLanguage, useText, useTimeText } from './language.ts';
import { en } from './messages.en.ts';
import { roughly, STEPS, stepOf } from './where.ts';

export function Standing({ view }: { view: View }) {
  const t = useText();
  const time = useTimeText();
  const { company, state, outcome, incident } = view;
  const more = `state.${state}.text`;
  const isOpen = ['queued', 'held_back', 'working'].includes(state);
  if (incident !== null) return <Known view={view} incident={incident} />;
  return (
    <section className="card standing">
      <h1>{t(`state.${state}`, { company })}</h1>
      {more in en && <p>{t(more as keyof typeof en, { company })}</p>}
      {state === 'queued' && <Wait wait={view.wait} />}
      <Steps state={state} />
      {outcome !== null && outcome !== '' && (
        <>
          <h2>{t('outcome')}</h2>
          <p className="words">{outcome}</p>
        </>
      )}
      <dl className="facts">
        <div>
          <dt>{t('facts.sent')}</dt>
          <dd>
            <time dateTime={view.acceptedAt}>{time(view.acceptedAt)}</time>
          </dd>
        </div>
        {isOpen && (
          <div>
            <dt>{t('facts.due')}</dt>
            <dd>
              <time dateTime={view.deadline}>{time(view.deadline)}</time>
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

/** What many have at once: nobody works on it one by one, and the company says what it does. */
function Known({ view, incident }: { view: View; incident: NonNullable<View['incident']> }) {
  const t = useText();
  const time = useTimeText();
  const { company } = view;
  const { title, words, closedAt, closingWords, since } = incident;
  return (
    <section className="card standing">
      <h1>{t(closedAt === null ? 'incident.known' : 'incident.over', { company })}</h1>
      <h2>{title}</h2>
      <p className="words">{closingWords ?? words}</p>
      <dl className="facts">
        <div>
          <dt>{t('incident.since')}</dt>
          <dd>
            <time dateTime={since}>{time(since)}</time>
          </dd>
        </div>
        {closedAt !== null && (
          <div>
            <dt>{t('incident.closed')}</dt>
            <dd>
              <time dateTime={closedAt}>{time(closedAt)}</time>
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function Wait({ wait }: { wait: View['wait'] }) {
  const t = useText();
  const language = useLanguage();
  if (wait === null) return <p className="soft">{t('wait.unknown')}</p>;
  const [from, to] = [roughly(wait.fromSeconds, language), roughly(wait.toSeconds, language)];
  return (
    <p>
      {t('wait.range', { from, to })} <span className="soft">{t('wait.basis', { count: wait.measuredOn })}</span>
    </p>
  );
}

function Steps({ state }: { state: View['state'] }) {
  const t = useText();
  const now = stepOf(state);
  if (now === null) return null;
  const place = STEPS.indexOf(now);
  return (
    <ol className="steps" aria-label={t('steps.label')}>
      {STEPS.map((step, n) => (
        <li
          key={step}
          className={n < place ? 'past' : n === place ? 'now' : ''}
          {...(n === place ? { 'aria-current': 'step' as const } : {})}
        >
          {t(`steps.${step}`)}
        </li>
      ))}
    </ol>
  );
}
