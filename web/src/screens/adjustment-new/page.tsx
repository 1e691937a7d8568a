/** Proposes an adjustment of the books: from an entry that is wrong, or of the market's own money. */
import { Button, Group, NativeSelect, Paper, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { AdjustmentInput, type AdjustmentInput as Input } from '../../../../shared/ledger/adjustment.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useGo, useUrlState } from '../../app/navigate.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { KINDS, kindText } from '../adjustments/kinds.ts';
import { t } from '../adjustments/messages.en.ts';
import { CURRENCIES } from '../finance-parts/filters.tsx';
import { Section } from '../finance-parts/section.tsx';
import { Legs } from '../money-parts/legs.tsx';
import { PartySelect } from '../money-parts/party-select.tsx';
import { LegsInput } from './legs-input.tsx';
import { toInput, type Values } from './to-input.ts';

const OF_AN_ENTRY: readonly Values['kind'][] = ['adjustment', 'reversal', 'shortfall_correction'];
const NO_LEG = { account: '', of: '', side: 'debit', micros: null } as const;

export default function NewAdjustment() {
  const [{ adjusts, kind, currency }] = useUrlState({ adjusts: '', kind: 'adjustment', currency: 'USD' });
  const propose = useAct('post', '/v1/adjustments');
  const go = useGo();
  const initial: Values = {
    kind: KINDS.find((one) => one === kind) ?? 'adjustment',
    adjusts,
    legs: [NO_LEG, { ...NO_LEG, side: 'credit' }],
    currency,
    direction: 'in',
    micros: null,
    taxMicros: null,
    inputTaxMicros: null,
    owner: '',
    reason: '',
  };
  const form = useForm({ initial, schema: AdjustmentInput, toBody: toInput, keep: 'adjustment' });
  const { values } = form;
  const isOfEntry = OF_AN_ENTRY.includes(values.kind);
  return (
    <>
      <PageHeader title={t('new')} lead={t('new.lead')} back={{ href: '/adjustments', title: t('title') }} />
      <Paper p="md" maw={860}>
        <form
          noValidate
          onSubmit={form.submit(async (body) => {
            const { id } = await propose.mutateAsync({ body: body as Input });
            sayDone(t('proposed'));
            go(`/adjustments/${id}`);
          })}
        >
          <Stack>
            <Radio.Group
              {...form.value('kind')}
              onChange={(value) => form.set({ kind: value as Values['kind'] })}
              label={t('new.kind')}
            >
              <Stack gap="xs" mt="xs">
                {KINDS.map((one) => (
                  <Radio key={one} value={one} label={kindText(one)} description={t(`hint.${one}`)} />
                ))}
              </Stack>
            </Radio.Group>
            {isOfEntry ? (
              <TextInput {...form.text('adjusts')} label={t('new.adjusts')} description={t('new.adjusts.hint')} />
            ) : (
              <NativeSelect {...form.text('currency')} label={t('currency')} data={[...CURRENCIES]} maw={200} />
            )}
            {values.kind === 'adjustment' && (
              <LegsInput
                legs={values.legs}
                currency={currency}
                errors={form.errors}
                set={(legs) => form.set({ legs })}
              />
            )}
            {values.kind === 'own_funds' && <OwnFunds form={form} />}
            {values.kind === 'tax_return' && (
              <Group align="flex-start">
                <MoneyInput {...form.value('taxMicros')} label={t('new.tax')} currency={values.currency} />
                <MoneyInput {...form.value('inputTaxMicros')} label={t('new.inputTax')} currency={values.currency} />
              </Group>
            )}
            {values.kind === 'account_closed' && <OwnerOf form={form} />}
            <Textarea
              {...form.text('reason')}
              label={t('new.reason')}
              description={t('new.reason.hint')}
              autosize
              minRows={2}
              maxLength={500}
            />
            <ProblemAlert error={form.problem} />
            <Group justify="flex-end">
              <Button type="submit" loading={form.isSending}>
                {t('new.send')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
      {isOfEntry && values.adjusts.trim() !== '' && <Corrected event={values.adjusts.trim()} />}
    </>
  );
}

type OfForm = { form: ReturnType<typeof useForm<Values, typeof AdjustmentInput>> };

function OwnFunds({ form }: OfForm) {
  return (
    <Group align="flex-start">
      <Radio.Group
        {...form.value('direction')}
        onChange={(value) => form.set({ direction: value === 'out' ? 'out' : 'in' })}
        label={t('new.direction')}
      >
        <Group mt="xs">
          <Radio value="in" label={t('new.in')} />
          <Radio value="out" label={t('new.out')} />
        </Group>
      </Radio.Group>
      <MoneyInput {...form.value('micros')} label={t('new.amountOne')} currency={form.values.currency} />
    </Group>
  );
}

function OwnerOf({ form }: OfForm) {
  const { name: _name, onChange: _set, value: _value, ...rest } = form.value('owner');
  const side = (kind: 'company' | 'provider', prefix: string) => (
    <PartySelect
      {...rest}
      kind={kind}
      label={t(`new.side.${kind}`)}
      value={form.values.owner.startsWith(prefix) ? form.values.owner : null}
      onChange={(id) => form.set({ owner: id ?? '' })}
    />
  );
  return (
    <Group align="flex-start" grow>
      {side('company', 'co_')}
      {side('provider', 'pr_')}
    </Group>
  );
}

/** The entry that it corrects, so that one sees what one writes against. */
function Corrected({ event }: { event: string }) {
  const { data } = useRead('/v1/ledger-entry', { query: { event } });
  if (data === undefined) return null;
  return (
    <div style={{ marginBlockStart: '1.5rem' }}>
      <Section title={t('new.entry')}>
        <Legs legs={data.legs} currency={data.currency} period={data.period} />
      </Section>
    </div>
  );
}
