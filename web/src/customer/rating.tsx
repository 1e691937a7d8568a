/** One to five stars and a comment; said again, it replaces what was said before. */
import { useState } from 'react';
import { call, type View } from './api.ts';
import { useText } from './language.ts';
import { Problem } from './problem.tsx';
import { useAct } from './use-act.ts';

const STARS = [1, 2, 3, 4, 5] as const;
const MOST_LETTERS = 1_000;

export function Rating({ view, say }: { view: View; say: (text: string) => void }) {
  const t = useText();
  const given = view.rating;
  const [stars, setStars] = useState(given?.stars ?? 0);
  const [comment, setComment] = useState(given?.comment ?? '');
  const rate = useAct(
    () => call('put', '/v1/links/{token}/rating', { body: { stars, comment } }),
    () => say(t('done.rated')),
  );
  const isSame = given !== null && given.stars === stars && given.comment === comment.trim();
  return (
    <section className="card">
      <h2>{t('rating.title')}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rate.mutate();
        }}
      >
        <fieldset className="stars">
          <legend className="hidden">{t('rating.stars')}</legend>
          {STARS.map((star) => (
            <label key={star} className={star <= stars ? 'on' : ''}>
              <input
                type="radio"
                name="stars"
                value={star}
                checked={star === stars}
                onChange={() => setStars(star)}
                aria-label={t('rating.star', { stars: star })}
              />
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M12 2.6l2.9 6 6.6.9-4.8 4.6 1.2 6.5-5.9-3.1-5.9 3.1 1.2-6.5-4.8-4.6 6.6-.9z" />
              </svg>
            </label>
          ))}
        </fieldset>
        {stars > 0 && (
          <>
            <label className="field">
              {t('rating.comment')}
              <textarea
                rows={2}
                maxLength={MOST_LETTERS}
                value={comment}
                onChange={(event) => setComment(event.currentTarget.value)}
              />
            </label>
            <Problem error={rate.error} company={view.company} />
            <button type="submit" disabled={rate.isPending || isSame} title={isSame ? t('rating.same') : undefined}>
              {t(given === null ? 'rating.send' : 'rating.change')}
            </button>
          </>
        )}
      </form>
      {given !== null && <p className="soft">{t('rating.given', { stars: given.stars })}</p>}
    </section>
  );
}
