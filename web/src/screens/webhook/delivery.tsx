/** One delivery: what is sent, and each try. */
import { Code, List, Modal, Stack, Text } from '@mantine/core';
import type { DeliveryView } from '../../../../shared/webhook/webhook.ts';
import { useRead } from '../../api/use-api.ts';
import { t as common } from '../../messages/en.ts';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

const REFRESH_MS = 5_000;

type Try = DeliveryView['attempts'][number];

const answerOf = ({ status, latencyMs, cause }: Try): string =>
  status === null
    ? t('detail.cause', { cause: t(`cause.${cause ?? 'connect'}`), ms: latencyMs })
    : t('detail.status', { status: String(status), ms: latencyMs });

/** What the last try came to; nothing where there was none. */
export function lastAnswer({ attempts }: DeliveryView): string {
  const last = attempts.at(-1);
  return last === undefined ? '' : answerOf(last);
}

type Props = { webhook: string /** None is shown where empty. */; delivery: string };

export function DeliveryDialog({ onClose, ...of }: Props & { onClose: () => void }) {
  return (
    <Modal
      opened={of.delivery !== ''}
      onClose={onClose}
      size="lg"
      title={t('detail.title')}
      closeButtonProps={{ 'aria-label': common('toast.close') }}
    >
      {of.delivery !== '' && <Delivery {...of} />}
    </Modal>
  );
}

/** Read again while it is looked at: a try may be under way. */
function Delivery({ webhook, delivery: id }: Props) {
  const path = { webhook, delivery: id };
  const found = useRead('/v1/webhooks/{webhook}/deliveries/{delivery}', { path }, { refreshMs: REFRESH_MS });
  return (
    <QueryState of={found}>
      {(delivery) => (
        <Stack gap="sm">
          <Text size="sm">
            <strong>{delivery.type}</strong> · {t('detail.subject')} {delivery.subject}
          </Text>
          <Text size="sm" c="dimmed">
            {t('detail.event')}: {delivery.event}
          </Text>
          <div>
            <Text size="sm" fw={600} mb={4}>
              {t('detail.tries')}
            </Text>
            {delivery.attempts.length === 0 ? (
              <Text size="sm">{t('detail.noTries')}</Text>
            ) : (
              <List size="sm" type="ordered">
                {delivery.attempts.map((one) => (
                  <List.Item key={one.at}>
                    <When iso={one.at} show="absolute" />: {answerOf(one)}
                    {one.response !== '' && <Code block>{one.response}</Code>}
                  </List.Item>
                ))}
              </List>
            )}
          </div>
          <div>
            <Text size="sm" fw={600} mb={4}>
              {t('detail.body')}
            </Text>
            <Code block>{delivery.body}</Code>
          </div>
        </Stack>
      )}
    </QueryState>
  );
}
