/** Says something about a request, to the customer or as a note, with files. */
import { Button, FileButton, Group, Paper, Pill, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { FileType, MOST_ATTACHMENTS, MOST_FILE_BYTES } from '../../../../shared/thread/attachment.ts';
import type { MessageKind } from '../../../../shared/thread/thread.ts';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/use-api.ts';
import { useDraft } from '../../auth/use-draft.ts';
import { t as common } from '../../messages/en.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { WhyNot } from '../../ui/why-not.tsx';
import { t } from './messages.en.ts';

const TYPES: readonly string[] = FileType.options;

export function Composer({ request }: { request: string }) {
  const [kind, setKind] = useState<MessageKind>('message');
  const [text, setText] = useDraft(`message on ${request}`, '');
  const [files, setFiles] = useState<readonly File[]>([]);
  const [uploading, setUploading] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  /** Kept until the message is there: sending it again is then the same message. */
  const [externalId, setExternalId] = useState(() => crypto.randomUUID());
  const add = useAct('post', '/v1/requests/{request}/messages');
  const refused = files.find(({ type, size }) => !TYPES.includes(type) || size > MOST_FILE_BYTES);
  const send = async () => {
    setError(null);
    try {
      const attachments: string[] = [];
      for (const file of files) {
        setUploading(file.name);
        attachments.push(await upload(request, file));
      }
      setUploading(null);
      await add.mutateAsync({ path: { request }, body: { externalId, kind, text: text.trim(), attachments } });
      setText('');
      setFiles([]);
      setExternalId(crypto.randomUUID());
    } catch (refusal) {
      setUploading(null);
      setError(refusal);
    }
  };
  const isEmpty = text.trim() === '' && files.length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isEmpty && refused === undefined) void send();
  };
  return (
    <Paper p="sm" mt="md">
      <form onSubmit={submit}>
        <Stack gap="xs">
          <SegmentedControl
            aria-label={t('compose.kind')}
            size="xs"
            value={kind}
            onChange={(value) => setKind(value as MessageKind)}
            data={(['message', 'note'] as const).map((value) => ({ value, label: t(`compose.kind.${value}`) }))}
          />
          <Textarea
            aria-label={t('compose.label')}
            placeholder={t(`compose.placeholder.${kind}`)}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autosize
            minRows={3}
            maxRows={12}
            maxLength={8_000}
          />
          <Group gap={6}>
            {files.map((file) => (
              <Pill
                key={`${file.name} ${file.size}`}
                withRemoveButton
                removeButtonProps={{ 'aria-label': t('compose.remove', { name: file.name }) }}
                onRemove={() => setFiles(files.filter((other) => other !== file))}
              >
                {file.name}
              </Pill>
            ))}
          </Group>
          {refused !== undefined && (
            <Text size="sm" c="var(--parley-bad)" role="alert">
              {t('compose.type', { name: refused.name })}
            </Text>
          )}
          <ProblemAlert error={error} />
          <Group justify="space-between" gap="xs">
            <Group gap="xs">
              <FileButton
                multiple
                accept={TYPES.join(',')}
                onChange={(chosen) => setFiles([...files, ...chosen].slice(0, MOST_ATTACHMENTS))}
              >
                {(props) => (
                  <Button {...props} variant="default" size="xs">
                    {t('compose.attach')}
                  </Button>
                )}
              </FileButton>
              <Text size="xs" c="dimmed">
                {uploading === null ? t('compose.attach.text') : t('compose.uploading', { name: uploading })}
              </Text>
            </Group>
            <WhyNot why={isEmpty ? common('whyNot.empty') : null}>
              <Button type="submit" size="xs" loading={add.isPending || uploading !== null}>
                {t('compose.send')}
              </Button>
            </WhyNot>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

/** Asks for a signed form, posts the file with it, has it checked; the attachment's id. */
async function upload(request: string, file: File): Promise<string> {
  const body = { name: file.name, type: file.type as FileType, sizeBytes: file.size };
  const form = await call('post', '/v1/requests/{request}/attachments', { path: { request }, body });
  const data = new FormData();
  for (const [name, value] of Object.entries(form.fields)) data.set(name, value);
  data.set('file', file);
  const answer = await fetch(form.url, { method: 'POST', body: data });
  if (!answer.ok) throw new Error(`POST ${form.url} answered ${answer.status}`);
  const path = { request, attachment: form.attachment };
  await call('post', '/v1/requests/{request}/attachments/{attachment}/complete', { path });
  return form.attachment;
}
