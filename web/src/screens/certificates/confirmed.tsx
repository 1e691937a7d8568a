/** What certificates of an organisation the market has confirmed, as far as they still hold. */
import { Button, List, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { useRead } from '../../api/use-api.ts';
import { t as common } from '../../messages/en.ts';
import { dayText } from '../../ui/format.ts';
import { OrganisationName } from '../../ui/names.tsx';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

export function ConfirmedCertificates({ organisation }: { organisation: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
        {t('title')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={
          <>
            {t('confirmed.title')} <OrganisationName id={organisation} />
          </>
        }
        closeButtonProps={{ 'aria-label': common('toast.close') }}
      >
        <Confirmed organisation={organisation} />
      </Modal>
    </>
  );
}

export function Confirmed({ organisation }: { organisation: string }) {
  const certificates = useRead('/v1/organisations/{organisation}/certificates', { path: { organisation } });
  return (
    <QueryState of={certificates}>
      {({ items }) =>
        items.length === 0 ? (
          <Text c="dimmed">{t('confirmed.none')}</Text>
        ) : (
          <List spacing="sm">
            {items.map(({ kind, title, issuer, expiresOn, checkedAt }) => (
              <List.Item key={`${kind} ${title} ${checkedAt}`}>
                <Text fw={600}>{title}</Text>
                <Text size="sm">
                  {t(`kind.${kind}`)}, {issuer}.{' '}
                  {expiresOn === null ? t('noEnd') : `${t('column.until')} ${dayText(expiresOn)}`}
                </Text>
                <Text size="sm" c="dimmed" component="div">
                  {t('confirmed.at')} <When iso={checkedAt} show="date" />
                </Text>
              </List.Item>
            ))}
          </List>
        )
      }
    </QueryState>
  );
}
