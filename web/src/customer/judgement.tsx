/** Solved, not solved, a person please. */
import { call, type View } from './api.ts';
import { useText, useTimeText } from './language.ts';
import { Problem } from './problem.tsx';
import { useAct } from './use-act.ts';
import type { Offers } from './where.ts';

type Choice = 'solved' | 'notSolved' | 'person';
const PATHS = {
  solved: '/v1/links/{token}/solved',
  notSolved: '/v1/links/{token}/not-solved',
  person: '/v1/links/{token}/person',
} as const;

export function Judgement({ view, offers, say }: { view: View; offers: Offers; say: (text: string) => void }) {
  const t = useText();
  const time = useTimeText();
  const act = useAct(async (choice: Choice) => {
    say('');
    await call('post', PATHS[choice]);
    say(t(`done.${choice}`));
  });
  const button = (choice: Choice, label: string, className: string) => (
    <button type="button" className={className} disabled={act.isPending} onClick={() => act.mutate(choice)}>
      {label}
    </button>
  );
  if (!offers.notSolved && !offers.person) return null;
  if (!offers.notSolved)
    return (
      <section className="card">
        <h2>{t('person.title')}</h2>
        <p className="soft">{t('person.text')}</p>
        <Problem error={act.error} company={view.company} />
        {button('person', t('judge.person'), 'wide')}
      </section>
    );
  const { incident } = view;
  const title = incident !== null ? 'incident.other' : offers.solved ? 'judge.title' : 'judge.title.again';
  const until = incident !== null ? incident.comesBackUntil : view.judgeUntil;
  return (
    <section className="card asks">
      <h2>{t(title)}</h2>
      <Problem error={act.error} company={view.company} />
      <div className="choices">
        {offers.solved && button('solved', t('judge.solved'), 'main')}
        {button('notSolved', t(incident === null ? 'judge.notSolved' : 'incident.notSolved'), '')}
      </div>
      {button('person', t('judge.person'), 'plain')}
      {until !== null && <p className="soft">{t('judge.until', { time: time(until) })}</p>}
    </section>
  );
}
