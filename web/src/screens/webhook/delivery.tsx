/** One delivery: what is sent, and each try. */
import { Code, List, Modal, Stack, Text } from '@mantine/core';
import type { DeliveryView } from '../../../../shared/webhook/webhook.ts';
import { t as common } from '../../messages/en.ts';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

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

export function DeliveryDialog({ delivery, onClose }: { delivery: DeliveryView | null; onClose: () => void }) {
  return (
    <Modal
      opened={delivery !== null}
      onClose={onClose}
      size="lg"
      title={t('detail.title')}
      closeButtonProps={{ 'aria-label': common('toast.close') }}
    >
      {delivery !== null && (
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
    </Modal>
  );
}
