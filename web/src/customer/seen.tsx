/** Who looked at one's request and when: the company by its name, providers by numbers. Read when it is opened. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type Seen as Look, TOKEN } from './api.ts';
import { useText, useTimeText } from './language.ts';
import { Problem } from './problem.tsx';

export function Seen() {
  const t = useText();
  const time = useTimeText();
  const [isOpen, setOpen] = useState(false);
  const seen = useQuery({
    queryKey: ['seen', TOKEN],
    queryFn: () => call('get', '/v1/links/{token}/access'),
    enabled: isOpen,
  });
  return (
    <details className="card" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>{t('seen.title')}</h2>
      </summary>
      <Problem error={seen.error} />
      {seen.data?.items.length === 0 && <p>{t('seen.none')}</p>}
      <ul className="looks" aria-busy={isOpen && seen.isPending}>
        {seen.data?.items.map((look) => (
          <li key={`${look.at} ${look.who} ${look.what}`}>
            <Line look={look} />
            <time className="soft" dateTime={look.at}>
              {time(look.at)}
            </time>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Line({ look: { who, role, what } }: { look: Look }) {
  const t = useText();
  // The market numbers providers in English; the number is what matters.
  const number = /^Provider (\d+)$/.exec(who)?.[1];
  const name = role !== 'company' && number !== undefined ? t('seen.provider', { number }) : who;
  return <span>{t('seen.line', { who: name, role: t(`seen.${role}`), what: t(`seen.${what}`) })}</span>;
}
