/** What was said, by oneself and to oneself, with its files. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { call, type Message, TOKEN, type View } from './api.ts';
import { Composer } from './composer.tsx';
import { sizeText, useLanguage, useText, useTimeText } from './language.ts';
import { Problem } from './problem.tsx';
import { useAct } from './use-act.ts';

const REFRESH_MS = 15_000;
const AT_ONCE = 100;

export function Thread({ view, mayWrite }: { view: View; mayWrite: boolean }) {
  const t = useText();
  const pages = useInfiniteQuery({
    queryKey: ['messages', TOKEN],
    queryFn: ({ pageParam }) =>
      call('get', '/v1/links/{token}/messages', {
        query: { limit: AT_ONCE, ...(pageParam === null ? {} : { cursor: pageParam }) },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: REFRESH_MS,
  });
  const messages = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section className="card">
      <h2>{t('thread.title')}</h2>
      <ol className="thread" aria-busy={pages.isPending}>
        <First view={view} />
        {messages.map((message) => (
          <Said key={message.id} message={message} company={view.company} />
        ))}
      </ol>
      {pages.hasNextPage && (
        <button type="button" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('thread.more')}
        </button>
      )}
      <Problem error={pages.data === undefined ? pages.error : null} company={view.company} />
      {mayWrite && <Composer view={view} />}
    </section>
  );
}

/** The request itself, as the company sent it. */
function First({ view }: { view: View }) {
  const t = useText();
  const time = useTimeText();
  return (
    <li className="mine">
      <p className="by">
        {t('thread.you')} · {t('thread.first')} · <time dateTime={view.acceptedAt}>{time(view.acceptedAt)}</time>
      </p>
      <p className={view.erased ? 'words soft' : 'words'}>{view.erased ? t('thread.erased') : view.text}</p>
    </li>
  );
}

function Said({ message, company }: { message: Message; company: string }) {
  const t = useText();
  const time = useTimeText();
  const { author, at, text, isErased, attachments } = message;
  const who = author === 'customer' ? t('thread.you') : author === 'company' ? company : t(`thread.${author}`);
  return (
    <li className={author === 'customer' ? 'mine' : ''}>
      <p className="by">
        {who} · <time dateTime={at}>{time(at)}</time>
      </p>
      {(isErased || text !== '') && (
        <p className={isErased ? 'words soft' : 'words'}>{isErased ? t('thread.erased') : text}</p>
      )}
      {attachments.map((file) => (
        <SaveFile key={file.id} file={file} company={company} />
      ))}
    </li>
  );
}

function SaveFile({ file, company }: { file: Message['attachments'][number]; company: string }) {
  const t = useText();
  const language = useLanguage();
  const save = useAct(async () => {
    const path = { attachment: file.id };
    const { url } = await call('get', '/v1/links/{token}/attachments/{attachment}', { path });
    location.assign(url);
  });
  return (
    <>
      <button type="button" className="file" disabled={save.isPending} onClick={() => save.mutate()}>
        {t('file.save', { name: file.name, size: sizeText(file.sizeBytes, language) })}
      </button>
      <Problem error={save.error} company={company} />
    </>
  );
}
