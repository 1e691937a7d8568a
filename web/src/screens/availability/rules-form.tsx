/** The rules of when and how much: one for each queue, each channel, and everything else. */
import { ActionIcon, Button, Group, Paper, Select, Stack, Switch, Text, Title } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { AvailabilityInput, type AvailabilityRule, MOST_CONCURRENT } from '../../../../shared/dispatch/availability.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { useAct } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { NumberInput } from '../../ui/number-input.tsx';
import { OpeningHoursInput, usualHours } from '../../ui/opening-hours.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { type Errors, useForm } from '../../ui/use-form.ts';
import { WhyNot } from '../../ui/why-not.tsx';
import { useQueueList } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';
import { freeScope, type RuleValue, ruleOf, ruleValueOf } from './rules.ts';

type Scope = { value: string; label: string };

export function RulesForm({ rules }: { rules: readonly AvailabilityRule[] }) {
  const mayWrite = useMay('provider.admin');
  const put = useAct('put', '/v1/availability');
  const queues = useQueueList();
  const form = useForm({
    initial: { rules: rules.map(ruleValueOf) as readonly RuleValue[] },
    schema: AvailabilityInput,
    toBody: (values) => ({ rules: values.rules.map(ruleOf) }),
  });
  const channels = [...new Set(queues.map(({ serviceClass }) => serviceClass.channel))].sort();
  const scopes: Scope[] = [
    { value: 'all', label: t('rule.all') },
    ...channels.map((channel) => ({ value: `channel:${channel}`, label: t('rule.channel', { channel }) })),
    ...queues.map(({ id, serviceClass }) => ({ value: `queue:${id}`, label: longName(serviceClass) })),
  ];
  const stated = form.values.rules;
  const free = freeScope(
    stated,
    scopes.map(({ value }) => value),
  );
  const set = (next: readonly RuleValue[]) => form.set({ rules: next });
  return (
    <form
      noValidate
      onSubmit={form.submit(async (body) => {
        await put.mutateAsync({ body: AvailabilityInput.parse(body) });
        sayDone(t('saved'));
      })}
    >
      <Title order={2}>{t('rules.title')}</Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t(stated.length === 0 ? 'rules.none' : 'rules.hint')}
      </Text>
      <Stack>
        {stated.map((rule, at) => (
          <Rule
            key={rule.scope}
            rule={rule}
            scopes={scopes.filter(({ value }) => value === rule.scope || stated.every(({ scope }) => scope !== value))}
            errors={errorsBelow(form.errors, `rules[${at}].`)}
            isReadOnly={!mayWrite}
            onChange={(change) => set(stated.map((other, n) => (n === at ? { ...other, ...change } : other)))}
            onRemove={() => set(stated.filter((_, n) => n !== at))}
          />
        ))}
        <ProblemAlert error={form.problem} />
        {mayWrite ? (
          <Group justify="space-between">
            <WhyNot why={free === undefined ? t('rule.add.none') : null}>
              <Button
                variant="default"
                leftSection={<IconPlus size={16} />}
                onClick={() => set([...stated, { scope: free ?? 'all', concurrent: null, hours: null }])}
              >
                {t('rule.add')}
              </Button>
            </WhyNot>
            <Button type="submit" loading={form.isSending}>
              {t('save')}
            </Button>
          </Group>
        ) : (
          <Text size="sm" c="dimmed">
            {t('presence.read')}
          </Text>
        )}
      </Stack>
    </form>
  );
}

type RuleProps = {
  rule: RuleValue;
  scopes: readonly Scope[];
  errors: Errors;
  isReadOnly: boolean;
  onChange: (change: Partial<RuleValue>) => void;
  onRemove: () => void;
};

function Rule({ rule, scopes, errors, isReadOnly, onChange, onRemove }: RuleProps) {
  const label = scopes.find(({ value }) => value === rule.scope)?.label ?? rule.scope;
  return (
    <Paper p="md">
      <fieldset disabled={isReadOnly} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
        <Stack>
          <Group align="flex-end" wrap="nowrap">
            <Select
              label={t('rule.for')}
              data={[...scopes]}
              value={rule.scope}
              allowDeselect={false}
              onChange={(scope) => onChange({ scope: scope ?? rule.scope })}
              flex={1}
              miw={0}
            />
            <NumberInput
              label={t('rule.concurrent')}
              placeholder="–"
              value={rule.concurrent ?? ''}
              onChange={(value) => onChange({ concurrent: typeof value === 'number' ? value : null })}
              min={1}
              max={MOST_CONCURRENT}
              allowDecimal={false}
              hideControls
              w={110}
              {...(errors.concurrent === undefined ? {} : { error: errors.concurrent })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={t('rule.remove', { for: label })}
              onClick={onRemove}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
          <Switch
            label={t('rule.hours')}
            checked={rule.hours !== null}
            onChange={(event) => onChange({ hours: event.currentTarget.checked ? usualHours() : null })}
          />
          {rule.hours !== null && (
            <OpeningHoursInput
              value={rule.hours}
              onChange={(hours) => onChange({ hours })}
              errors={errorsBelow(errors, 'hours.')}
            />
          )}
        </Stack>
      </fieldset>
    </Paper>
  );
}

/** The errors of the fields below a name, by what follows it. */
const errorsBelow = (errors: Errors, name: string): Errors =>
  Object.fromEntries(
    Object.entries(errors).flatMap(([field, text]) =>
      field.startsWith(name) ? [[field.slice(name.length), text]] : [],
    ),
  );
