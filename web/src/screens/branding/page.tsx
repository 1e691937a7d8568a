/** How the company shows itself to its customers. */
import { Box, Button, ColorInput, Grid, Group, Paper, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import type { FormEvent } from 'react';
import { Branding } from '../../../../shared/organisation/branding.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { QueryState } from '../../ui/states.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { isLight } from './contrast.ts';
import { t } from './messages.en.ts';

type Values = { name: string; colour: string; logoUrl: string; replyTo: string; mailWhenResolved: boolean };

const valuesOf = ({ name, colour, logoUrl, replyTo, mailWhenResolved }: Branding): Values => ({
  name,
  colour: colour ?? '',
  logoUrl: logoUrl ?? '',
  replyTo: replyTo ?? '',
  mailWhenResolved,
});

/** An empty text is nothing. */
const bodyOf = ({ name, colour, logoUrl, replyTo, mailWhenResolved }: Values): unknown => ({
  name,
  colour: colour.trim() || null,
  logoUrl: logoUrl.trim() || null,
  replyTo: replyTo.trim() || null,
  mailWhenResolved,
});

export default function BrandingPage() {
  const branding = useRead('/v1/branding');
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <QueryState of={branding}>{(found) => <Editor of={found} />}</QueryState>
    </>
  );
}

function Editor({ of }: { of: Branding }) {
  const mayWrite = useMay('company.admin');
  const put = useAct('put', '/v1/branding');
  const form = useForm({ initial: valuesOf(of), schema: Branding, toBody: bodyOf });
  const submit = (event: FormEvent) =>
    form.submit(async (body) => {
      await put.mutateAsync({ body: Branding.parse(body) });
      sayDone(t('saved'));
    })(event);
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <form onSubmit={submit} noValidate>
          <Stack maw={560}>
            <TextInput {...form.text('name')} label={t('name')} description={t('name.text')} maxLength={60} required />
            <ColorInput
              {...form.value('colour')}
              label={t('colour')}
              description={t('colour.text')}
              format="hex"
              eyeDropperButtonProps={{ 'aria-label': t('colour') }}
              withEyeDropper={false}
            />
            <TextInput {...form.text('logoUrl')} type="url" label={t('logoUrl')} description={t('logoUrl.text')} />
            <TextInput {...form.text('replyTo')} type="email" label={t('replyTo')} description={t('replyTo.text')} />
            <Switch {...form.checkbox('mailWhenResolved')} label={t('mail')} description={t('mail.text')} />
            <ProblemAlert error={form.problem} />
            {mayWrite && (
              <Group justify="flex-end">
                <Button type="submit" loading={form.isSending}>
                  {t('save')}
                </Button>
              </Group>
            )}
          </Stack>
        </form>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <Preview values={form.values} />
      </Grid.Col>
    </Grid>
  );
}

const COLOUR = /^#[0-9a-f]{6}$/i;

/** The logo stays out: this page loads nothing from elsewhere. */
function Preview({ values: { name, colour, logoUrl } }: { values: Values }) {
  const ground = COLOUR.test(colour) ? colour : 'var(--mantine-primary-color-filled)';
  const ink = COLOUR.test(colour) && isLight(colour) ? '#000000' : '#ffffff';
  return (
    <Paper>
      <Title order={2} p="md" pb="xs">
        {t('preview.title')}
      </Title>
      <Box p="md" style={{ background: ground, color: ink }}>
        <Text fw={650} size="lg" style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
        {logoUrl.trim() !== '' && <Text size="sm">{t('preview.logo')}</Text>}
      </Box>
      <Box p="md">
        <Text fw={600} mb="sm">
          {t('preview.text')}
        </Text>
        <Box
          component="span"
          px="md"
          py={6}
          style={{ background: ground, color: ink, borderRadius: 6, display: 'inline-block' }}
        >
          {t('preview.button')}
        </Box>
      </Box>
    </Paper>
  );
}
