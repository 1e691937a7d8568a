/** An answer to the customer, or a note, with files. What is typed stays with its turn until it was sent; sent twice it is one message. */
import { Button, Group, Pill, SegmentedControl, Text, Textarea } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { type RefObject, useRef, useState } from 'react';
import { useAct } from '../../api/use-api.ts';
import { t as common } from '../../messages/en.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { WhyNot } from '../../ui/why-not.tsx';
import { ACCEPTED, unfitOf, upload } from '../turn-parts/files.ts';
import type { Draft } from './drafts.ts';
import { t } from './messages.en.ts';

const MOST_LETTERS = 8_000;

type Props = {
  lease: string;
  draft: Draft;
  setDraft: (change: Partial<Draft>) => void;
  input: RefObject<HTMLTextAreaElement | null>;
};

export function Composer({ lease, draft, setDraft, input }: Props) {
  const { text, kind, files } = draft;
  const chooser = useRef<HTMLInputElement>(null);
  const [unfit, setUnfit] = useState<string | null>(null);
  const [uploading, setUploading] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const act = useAct('post', '/v1/leases/{lease}/messages');
  const isBusy = uploading !== null || act.isPending;
  const isEmpty = text.trim() === '' && files.length === 0;
  const send = async () => {
    if (isEmpty || isBusy) return;
    setError(null);
    try {
      for (const file of files) {
        if (draft.uploaded.has(file)) continue;
        setUploading(file.name);
        draft.uploaded.set(file, await upload(lease, file));
      }
      const attachments = files.map((file) => draft.uploaded.get(file)!);
      await act.mutateAsync({ path: { lease }, body: { externalId: draft.id, kind, text: text.trim(), attachments } });
      setDraft({ text: '', files: [], kind: 'message' });
      sayDone(t('reply.sent'));
    } catch (refusal) {
      setError(refusal);
    }
    setUploading(null);
    input.current?.focus();
  };
  const choose = (chosen: readonly File[]) => {
    const fits: File[] = [];
    let wrong: string | null = null;
    for (const file of chosen) {
      const problem = unfitOf(file, files.length + fits.length);
      if (problem === null) fits.push(file);
      else wrong ??= t(problem, { name: file.name });
    }
    setUnfit(wrong);
    if (fits.length > 0) setDraft({ files: [...files, ...fits] });
    if (chooser.current !== null) chooser.current.value = '';
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Group justify="space-between" mb={6} gap="xs">
        <SegmentedControl
          size="xs"
          aria-label={t('reply.kind')}
          value={kind}
          onChange={(value) => setDraft({ kind: value as Draft['kind'] })}
          data={[
            { value: 'message', label: t('reply.message') },
            { value: 'note', label: t('reply.note') },
          ]}
        />
        <Text size="xs" c="dimmed">
          {t('reply.keys')}
        </Text>
      </Group>
      <Textarea
        ref={input}
        aria-label={t('reply.label')}
        placeholder={t(kind === 'note' ? 'reply.notePlaceholder' : 'reply.placeholder')}
        autosize
        minRows={3}
        maxRows={12}
        maxLength={MOST_LETTERS}
        value={text}
        readOnly={isBusy}
        onChange={(event) => setDraft({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          void send();
        }}
      />
      {files.length > 0 && (
        <Pill.Group mt={6}>
          {files.map((file) => (
            <Pill
              key={`${file.name} ${file.size} ${file.lastModified}`}
              withRemoveButton={!isBusy}
              removeButtonProps={{
                'aria-label': t('reply.remove', { name: file.name }),
                'aria-hidden': false,
                tabIndex: 0,
              }}
              onRemove={() => setDraft({ files: files.filter((other) => other !== file) })}
            >
              {file.name}
            </Pill>
          ))}
        </Pill.Group>
      )}
      {unfit !== null && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" mt={6}>
          {unfit}
        </Text>
      )}
      <ProblemAlert error={error} />
      <Group mt={8} gap="xs" justify="space-between">
        <Button
          variant="default"
          leftSection={<IconPaperclip size={16} />}
          disabled={isBusy}
          onClick={() => chooser.current?.click()}
        >
          {t('reply.attach')}
        </Button>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          accept={ACCEPTED}
          aria-label={t('reply.attach')}
          onChange={(event) => choose([...(event.currentTarget.files ?? [])])}
        />
        <Group gap="xs">
          <Text size="xs" c="dimmed" role="status">
            {uploading === null ? '' : t('reply.uploading', { name: uploading })}
          </Text>
          <WhyNot why={isEmpty ? common('whyNot.empty') : null}>
            <Button type="submit" variant="light" loading={isBusy}>
              {t(kind === 'note' ? 'reply.sendNote' : 'reply.send')}
            </Button>
          </WhyNot>
        </Group>
      </Group>
    </form>
  );
}
