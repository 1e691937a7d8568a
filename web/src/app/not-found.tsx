/** An address that leads nowhere. */
import { Text } from '@mantine/core';
import { t } from '../messages/en.ts';
import { Go } from '../ui/go.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function NotFound() {
  return (
    <>
      <PageHeader title={t('state.notFound')} />
      <Text maw={600}>{t('state.notFound.text')}</Text>
      <Text mt="sm">
        <Go href="/">{t('state.notFound.home')}</Go>
      </Text>
    </>
  );
}
