/** How many requests an incident explains, what that avoided, what customers read, and how far a walk has come. */
import { Blockquote, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import type { IncidentView } from '../../../../shared/incident/incident.ts';
import { Figure, Figures } from '../../ui/figures.tsx';
import { countText } from '../../ui/format.ts';
import { Money, When } from '../../ui/values.tsx';
import { QueueLink } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

export function HowMany({ of: { avoided, cameBack } }: { of: IncidentView }) {
  return (
    <Stack gap="xs">
      <Figures>
        <Figure
          name={t('figure.linked')}
          note={cameBack === 0 ? t('figure.linked.none') : t('figure.linked.note', { cameBack })}
        >
          {countText(avoided.requests)}
        </Figure>
        <Figure name={t('figure.avoided')}>
          <Money micros={avoided.micros} currency={avoided.currency} />
        </Figure>
      </Figures>
      <Text size="sm" c="dimmed">
        {avoided.assumption}
      </Text>
    </Stack>
  );
}

/** The last walk over requests: a line when it is done, and a bar while it goes on. */
export function Progressing({ of: { run } }: { of: IncidentView }) {
  if (run === null) return null;
  const { kind, looked, done, finishedAt } = run;
  return (
    <div>
      <Text size="sm" role="status" mb={4}>
        {t(`run.${kind}`, { looked, done })} · {finishedAt === null ? t('run.going') : t('run.finished')}{' '}
        {finishedAt !== null && <When iso={finishedAt} />}
      </Text>
      {finishedAt === null && <Progress value={100} animated aria-label={t('run.label')} />}
    </div>
  );
}

export function Told({ of: { words, closingWords } }: { of: IncidentView }) {
  return (
    <Paper p="md">
      <Title order={2} mb="xs">
        {t('told.title')}
      </Title>
      {words === null ? (
        <Text c="dimmed">{t('told.none')}</Text>
      ) : (
        <Stack gap="sm">
          <Words label={t('told.first')} text={words} />
          {closingWords !== null && <Words label={t('told.last')} text={closingWords} />}
        </Stack>
      )}
    </Paper>
  );
}

function Words({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <Text size="sm" c="dimmed" mb={4}>
        {label}
      </Text>
      <Blockquote p="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {text}
      </Blockquote>
    </div>
  );
}

export function Queues({ of: { queues } }: { of: IncidentView }) {
  return (
    <Paper p="md">
      <Title order={2} mb="xs">
        {t('queues')}
      </Title>
      <Stack gap={4}>
        {queues.map((queue) => (
          <QueueLink key={queue} id={queue} />
        ))}
      </Stack>
    </Paper>
  );
}
