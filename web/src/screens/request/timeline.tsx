/** What became of a request, step by step. */
import { Text, Timeline, Title } from '@mantine/core';
import type { RequestStep } from '../../../../shared/request/request.ts';
import { useRead } from '../../api/use-api.ts';
import { OrganisationName } from '../../ui/names.tsx';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

const REFRESH_MS = 15_000;

export function History({ request }: { request: string }) {
  const history = useRead('/v1/requests/{request}/history', { path: { request } }, { refreshMs: REFRESH_MS });
  return (
    <section>
      <Title order={2} mb="sm">
        {t('timeline.title')}
      </Title>
      <QueryState of={history}>
        {({ items }) => (
          <Timeline active={items.length - 1} bulletSize={14} lineWidth={2}>
            {items.map((step) => (
              <Timeline.Item key={`${step.at} ${step.what} ${step.lease}`}>
                <Text>
                  {stepText(step.what)} <By by={step.by} />
                </Text>
                <Text size="sm" c="dimmed">
                  <When iso={step.at} show="absolute" />
                </Text>
              </Timeline.Item>
            ))}
          </Timeline>
        )}
      </QueryState>
    </section>
  );
}

const WORDED = [
  'ready',
  'leased',
  'resolved',
  'confirmed',
  'reopened',
  'lost',
  'declined',
  'escalated',
  'returned',
  'cancelled',
  'linked',
  'came_back',
  'unserved',
  'held_back',
] as const;
type Worded = (typeof WORDED)[number];

/** A step that has no words yet is shown by its name. */
const stepText = (what: RequestStep['what']): string =>
  WORDED.includes(what as Worded) ? t(`step.${what as Worded}`) : what.replaceAll('_', ' ');

function By({ by }: { by: string }) {
  if (by === 'customer' || by === 'company' || by === 'market') return t(`timeline.by.${by}`);
  return by.startsWith('pr_') ? <OrganisationName id={by} /> : null;
}
