/** One's own data: a copy of all of it, the receipt, and its erasure. */
import { useRef, useState } from 'react';
import { call, type Held, type View } from './api.ts';
import { useText } from './language.ts';
import { Problem } from './problem.tsx';
import { useAct } from './use-act.ts';
import type { Offers } from './where.ts';

/** So many pages of 25 requests; whoever has more takes them along in several files. */
const MOST_PAGES = 400;

export function MyData({ view, offers, say }: { view: View; offers: Offers; say: (text: string) => void }) {
  const t = useText();
  const [collected, setCollected] = useState<number | null>(null);
  const take = useAct(async () => {
    setCollected(0);
    save('my-data.json', await everythingHeld(setCollected));
  });
  const receipt = useAct(async () => save('receipt.json', await call('get', '/v1/links/{token}/receipt')));
  return (
    <details className="card">
      <summary>
        <h2>{t('data.title')}</h2>
      </summary>
      <p>{t('data.text', { company: view.company })}</p>
      <Problem error={take.error ?? receipt.error} company={view.company} />
      <div className="rows">
        <button
          type="button"
          disabled={take.isPending}
          onClick={() => take.mutate(undefined, { onSettled: () => setCollected(null) })}
        >
          {collected === null ? t('data.export') : t('data.exporting', { count: collected })}
        </button>
        {offers.receipt && (
          <div>
            <button type="button" disabled={receipt.isPending} onClick={() => receipt.mutate()}>
              {t('data.receipt')}
            </button>
            <p className="soft">{t('data.receipt.text')}</p>
          </div>
        )}
        {offers.erase ? <Erase view={view} say={say} /> : <p>{t('data.erased')}</p>}
      </div>
    </details>
  );
}

function Erase({ view, say }: { view: View; say: (text: string) => void }) {
  const t = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const erase = useAct(
    () => call('post', '/v1/links/{token}/erase', { body: { confirm: 'erase everything' } }),
    () => {
      dialog.current?.close();
      say(t('done.erased'));
    },
  );
  return (
    <>
      <button type="button" className="danger" onClick={() => dialog.current?.showModal()}>
        {t('data.erase')}
      </button>
      <dialog ref={dialog} aria-labelledby="erase-title">
        <h2 id="erase-title">{t('erase.title')}</h2>
        <p>{t('erase.text', { company: view.company })}</p>
        <Problem error={erase.error} company={view.company} />
        <div className="choices">
          <button type="button" onClick={() => dialog.current?.close()}>
            {t('erase.cancel')}
          </button>
          <button type="button" className="danger full" disabled={erase.isPending} onClick={() => erase.mutate()}>
            {t('erase.confirm')}
          </button>
        </div>
      </dialog>
    </>
  );
}

/** All pages of what is held, as one document. */
async function everythingHeld(tell: (count: number) => void) {
  const items: Held[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query: Record<string, string> = cursor === null ? {} : { cursor };
    const held = await call('get', '/v1/links/{token}/export', { query });
    items.push(...held.items);
    tell(items.length);
    cursor = held.next;
    if (cursor === null) return { company: held.company, at: held.at, items };
  }
  throw new Error('there is more than one copy can hold');
}

/** Hands a document to the browser as a file. */
function save(name: string, content: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
