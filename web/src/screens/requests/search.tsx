/** The box that finds one request, or all of a customer. */
import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useGo } from '../../app/navigate.ts';
import { useSignedIn } from '../../auth/session.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { type Found, findRequests } from './find.ts';
import { t } from './messages.en.ts';

/** A customer's handle stays out of the address of the page. */
export type Result = { text: string; found: Exclude<Found, { request: string }> };

export function Search({ onResult }: { onResult: (result: Result) => void }) {
  const go = useGo();
  const { organisation } = useSignedIn();
  const [text, setText] = useState('');
  const [isFinding, setFinding] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const find = async () => {
    setFinding(true);
    setError(null);
    try {
      const found = await findRequests(organisation ?? '', text.trim());
      if (found !== null && 'request' in found) return go(`/requests/${found.request}`);
      onResult({ text: text.trim(), found });
    } catch (refusal) {
      setError(refusal);
    }
    setFinding(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') void find();
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="xs" wrap="nowrap" maw={560}>
        <TextInput
          flex={1}
          type="search"
          label={t('find.label')}
          description={t('find.text')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          maxLength={200}
        />
        <Button type="submit" variant="default" loading={isFinding}>
          {t('find')}
        </Button>
      </Group>
      <ProblemAlert error={error} />
    </form>
  );
}
