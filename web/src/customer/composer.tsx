/** Something more to say, with files. What is typed stays until it was sent; sent twice, it is the same message. */
import { useRef, useState } from 'react';
import { call, type View } from './api.ts';
import { ACCEPTED, fitting, type Unfit } from './files.ts';
import { sizeText, useLanguage, useText } from './language.ts';
import { Problem } from './problem.tsx';
import { upload } from './upload.ts';
import { useAct } from './use-act.ts';

const MOST_LETTERS = 8_000;
const RESOLVED = ['resolved', 'confirmed', 'assumed', 'settled'];

export function Composer({ view }: { view: View }) {
  const t = useText();
  const language = useLanguage();
  const [text, setText] = useState('');
  const [files, setFiles] = useState<readonly File[]>([]);
  const [unfit, setUnfit] = useState<Unfit | null>(null);
  const [sending, setSending] = useState<string | null>(null);
  const [isSent, setSent] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  /** The draft's own id, and what of it is there already: a repetition goes on where it stopped. */
  const draft = useRef({ id: crypto.randomUUID(), uploaded: new Map<File, string>() });
  const send = useAct(async () => {
    const { id, uploaded } = draft.current;
    for (const file of files) {
      if (uploaded.has(file)) continue;
      setSending(file.name);
      uploaded.set(file, await upload(file));
    }
    const attachments = files.map((file) => uploaded.get(file)!);
    await call('post', '/v1/links/{token}/messages', { body: { externalId: id, text: text.trim(), attachments } });
    draft.current = { id: crypto.randomUUID(), uploaded: new Map() };
    setText('');
    setFiles([]);
    setSent(true);
  });
  const change = (more: { text?: string; files?: readonly File[] }) => {
    // Other content is another message.
    draft.current.id = crypto.randomUUID();
    setSent(false);
    if (more.text !== undefined) setText(more.text);
    if (more.files !== undefined) setFiles(more.files);
  };
  const choose = (chosen: readonly File[]) => {
    const found = fitting(files, chosen);
    setUnfit(found.unfit);
    change({ files: found.files });
    if (input.current !== null) input.current.value = '';
  };
  const isEmpty = text.trim() === '' && files.length === 0;
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate(undefined, { onSettled: () => setSending(null) });
      }}
    >
      {RESOLVED.includes(view.state) && view.judgeUntil !== null && <p className="soft">{t('composer.resolved')}</p>}
      <label className="field">
        {t('composer.label')}
        <textarea
          rows={3}
          maxLength={MOST_LETTERS}
          value={text}
          readOnly={send.isPending}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
      </label>
      {files.length > 0 && (
        <ul className="files">
          {files.map((file) => (
            <li key={`${file.name} ${file.lastModified} ${file.size}`}>
              <span>
                {file.name} <span className="soft">{sizeText(file.size, language)}</span>
              </span>
              <button
                type="button"
                className="plain"
                disabled={send.isPending}
                aria-label={t('composer.remove', { name: file.name })}
                onClick={() => change({ files: files.filter((other) => other !== file) })}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
      {unfit !== null && (
        <p className="problem" role="alert">
          {t(unfit.problem, { name: unfit.name })}
        </p>
      )}
      <Problem error={send.error} company={view.company} />
      <div className="choices">
        <button
          type="submit"
          className="main"
          disabled={isEmpty || send.isPending}
          title={isEmpty ? t('composer.empty') : undefined}
        >
          {t('composer.send')}
        </button>
        <button type="button" disabled={send.isPending} onClick={() => input.current?.click()}>
          {t('composer.attach')}
        </button>
        <input
          ref={input}
          type="file"
          multiple
          accept={ACCEPTED}
          hidden
          onChange={(event) => choose([...(event.currentTarget.files ?? [])])}
        />
      </div>
      <p className="soft" role="status">
        {sending !== null
          ? t('composer.uploading', { name: sending })
          : isSent
            ? t('composer.sent')
            : t('composer.hint')}
      </p>
    </form>
  );
}
