/** A refusal as a sentence a person can act on, with its code and the call's id for who is asked about it. */
import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ParleyProblem } from '../../../shared/client/client.ts';
import { t } from '../messages/en.ts';

export type Told = { title: string; text: string; note: string | null; code: string | null };

/** What to tell of an error: the market's own words where it refused, else that nobody answered. */
export function told(error: unknown): Told {
  if (!(error instanceof ParleyProblem))
    return { title: t('state.noAnswer'), text: t('state.noAnswer.text'), note: null, code: null };
  const { title, detail, code, instance } = error.problem;
  const note = instance === undefined ? t('problem.code', { code }) : t('problem.id', { code, id: instance });
  return { title, text: detail, note, code };
}

/** Nothing where there is no error. */
export function ProblemAlert({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const { title, text, note } = told(error);
  return (
    <Alert color="red" variant="default" icon={<IconAlertTriangle />} title={title} role="alert">
      <Text size="sm">{text}</Text>
      {note !== null && (
        <Text size="xs" c="dimmed" mt={4}>
          {note}
        </Text>
      )}
    </Alert>
  );
}
