/** Registers a company or a provider; whoever does it becomes its admin. */
import { Alert, Button, Container, Radio, Stack, Text, TextInput } from '@mantine/core';
import { RegistrationInput } from '../../../../shared/organisation/organisation.ts';
import { useAct } from '../../api/use-api.ts';
import { useGo, useUrlState } from '../../app/navigate.ts';
import { useOrganisationName } from '../../app/organisation.ts';
import { chooseOrganisation, reloadMemberships, useSignedIn } from '../../auth/session.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { useForm } from '../../ui/use-form.ts';
import { readDraft } from '../welcome/draft.ts';
import { Top } from '../welcome/top.tsx';
import { t } from './messages.en.ts';
import { bodyOf, type Kind, kindOf, type ProviderKind, type Values } from './values.ts';

const PROVIDER_KINDS: readonly ProviderKind[] = ['agent_pool', 'automation', 'community'];

export default function Register() {
  const [{ kind }] = useUrlState({ kind: 'company' });
  const initial: Values = { kind: kindOf(kind), name: '', providerKind: 'agent_pool' };
  const form = useForm({ initial, schema: RegistrationInput, toBody: bodyOf, keep: 'registration' });
  const register = useAct('post', '/v1/organisations');
  const go = useGo();
  const send = form.submit(async (body) => {
    const made = await register.mutateAsync({ body });
    await reloadMemberships();
    chooseOrganisation(made.id);
    go('/joining');
  });
  return (
    <Container size={620} px={0}>
      <Top />
      <PageHeader title={t('title')} lead={t('lead')} />
      <Notices />
      <form onSubmit={send} noValidate>
        <Stack gap="lg">
          <Radio.Group
            label={t('kind')}
            {...form.value('kind')}
            onChange={(chosen) => form.set({ kind: chosen as Kind })}
          >
            <Stack gap="xs" mt={6}>
              <Radio value="company" label={t('kind.company')} description={t('kind.company.text')} />
              <Radio value="provider" label={t('kind.provider')} description={t('kind.provider.text')} />
            </Stack>
          </Radio.Group>
          {form.values.kind === 'provider' && (
            <Radio.Group
              label={t('providerKind')}
              {...form.value('providerKind')}
              onChange={(chosen) => form.set({ providerKind: chosen as ProviderKind })}
            >
              <Stack gap="xs" mt={6}>
                {PROVIDER_KINDS.map((each) => (
                  <Radio key={each} value={each} label={t(`providerKind.${each}`)} />
                ))}
              </Stack>
            </Radio.Group>
          )}
          <TextInput
            label={t('name')}
            description={t('name.text')}
            autoComplete="organization"
            required
            {...form.text('name')}
          />
          <ProblemAlert error={form.problem} />
          <Text size="sm" c="dimmed">
            {t('next')}
          </Text>
          <Button type="submit" loading={form.isSending} w="fit-content">
            {t('go')}
          </Button>
        </Stack>
      </form>
      <Text mt="xl" fw={600}>
        {t('kind.member')}
      </Text>
      <Text c="dimmed">{t('kind.member.text')}</Text>
    </Container>
  );
}

function Notices() {
  const { organisation } = useSignedIn();
  const name = useOrganisationName(organisation);
  const draft = readDraft();
  return (
    <Stack gap="xs" mb="lg">
      {organisation !== null && (
        <Alert variant="default" p="sm">
          {t('already', { name })}
        </Alert>
      )}
      {draft.length > 0 && (
        <Alert variant="default" p="sm">
          {t('draft', { count: draft.length })}
        </Alert>
      )}
    </Stack>
  );
}
