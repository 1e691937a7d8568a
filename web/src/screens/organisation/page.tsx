/** What everybody of the market may know of an organisation: its measured record, and what of it is confirmed. */
import { Text } from '@mantine/core';
import { QUALITY_RULE } from '../../../../shared/reputation/reputation.ts';
import { useName } from '../../api/names.ts';
import { useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { useMay, useSignedIn } from '../../auth/session.ts';
import { Figure, Figures } from '../../ui/figures.tsx';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { Percent } from '../../ui/values.tsx';
import { Confirmed } from '../certificates/confirmed.tsx';
import { Section } from '../finance-parts/section.tsx';
import { t } from './messages.en.ts';

export default function OrganisationPage() {
  const organisation = usePathParam('organisation');
  const record = useRead('/v1/organisations/{organisation}/reputation', { path: { organisation } });
  // A company's name is told to those who deal with it.
  const told = useName('organisations', organisation);
  const { organisation: own } = useSignedIn();
  const isMarket = useMay('market.finance', 'market.operator');
  return (
    <QueryState of={record} isPage>
      {({ name, kind, qualityBps, rejectedBps, sample }) => (
        <>
          <PageHeader
            title={name ?? told ?? organisation}
            lead={t(`lead.${kind}`)}
            actions={
              isMarket && (
                <Go href={`/${kind === 'company' ? 'companies' : 'providers'}/${organisation}`}>{t('money')}</Go>
              )
            }
          />
          <Figures>
            {kind === 'provider' ? (
              <Figure name={t('quality')} note={t('quality.note')}>
                <Percent bps={qualityBps} />
              </Figure>
            ) : (
              <Figure name={t('rejected')} note={t('rejected.note')}>
                <Percent bps={rejectedBps} />
              </Figure>
            )}
            <Figure name={t('sample')}>{t(`sample.${sample}`)}</Figure>
          </Figures>
          <Section title={t('rule')}>
            <Text maw={760} data-evidence="">
              {kind === 'provider' ? QUALITY_RULE.text : t('rule.company')}
            </Text>
            {organisation === own && (
              <Text mt="xs">
                <Go href={kind === 'provider' ? '/performance' : '/record'}>{t('own')}</Go>
              </Text>
            )}
          </Section>
          <Section title={t('certificates')}>
            <Confirmed organisation={organisation} />
          </Section>
        </>
      )}
    </QueryState>
  );
}
