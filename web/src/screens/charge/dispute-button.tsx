/** Disputes a charge: the button, why and how much, and the button that says what is claimed. */
import { Button, Group, Modal, Radio, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { DisputeInput, DisputeReason } from '../../../../shared/dispute/dispute.ts';
import { useAct } from '../../api/use-api.ts';
import { useGo } from '../../app/navigate.ts';
import { moneyText } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { WhyNot } from '../../ui/why-not.tsx';
import { t as common } from '../finance-parts/messages.en.ts';
import { t } from './messages.en.ts';
import { claimedOf, NO_DISPUTE, toDispute } from './to-dispute.ts';

type Props = { request: string; micros: number; currency: string; answerDays: number };
const CODES = DisputeReason.shape.code.options;

export function DisputeButton(props: Props) {
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button onClick={dialog.open}>{t('dispute')}</Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={t('dispute.title')}
        size="lg"
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <DisputeForm {...props} />
      </Modal>
    </>
  );
}

function DisputeForm({ request, micros, currency, answerDays }: Props) {
  const go = useGo();
  const act = useAct('post', '/v1/charges/{request}/dispute');
  const form = useForm({ initial: NO_DISPUTE, schema: DisputeInput, toBody: toDispute, keep: `dispute of ${request}` });
  const claimed = claimedOf(form.values, micros);
  const amount = moneyText(claimed ?? 0, currency, { exact: true });
  const { share: wrongShare, 'reason.text': wrongText } = form.errors;
  return (
    <form
      onSubmit={form.submit(async (body) => {
        const { id } = await act.mutateAsync({ path: { request }, body: DisputeInput.parse(body) });
        sayDone(t('dispute.done', { days: answerDays }));
        go(`/disputes/${id}`);
      })}
    >
      <Stack>
        <Radio.Group {...form.value('code')} label={t('dispute.reason')}>
          <Stack gap={6} mt="xs">
            {CODES.map((code) => (
              <Radio key={code} value={code} label={common(`reason.${code}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Textarea
          {...form.text('text')}
          label={t(form.values.code === 'other' ? 'dispute.textOther' : 'dispute.text')}
          autosize
          minRows={2}
          maxLength={2_000}
          {...(wrongText === undefined ? {} : { error: wrongText })}
        />
        <Group align="flex-end">
          <SegmentedControl
            aria-label={t('dispute.share')}
            value={form.values.part}
            onChange={(part) => form.set({ part })}
            data={[
              { value: 'whole', label: t('dispute.whole') },
              { value: 'part', label: t('dispute.part') },
            ]}
          />
          {form.values.part === 'part' && (
            <MoneyInput
              {...form.value('micros')}
              label={t('dispute.amount')}
              currency={currency}
              {...(wrongShare === undefined ? {} : { error: wrongShare })}
            />
          )}
        </Group>
        <Radio.Group {...form.value('wants')} label={t('dispute.wants')}>
          <Stack gap={6} mt="xs">
            <Radio value="credit" label={t('dispute.credit')} />
            <Radio value="refund" label={t('dispute.refund')} />
          </Stack>
        </Radio.Group>
        <Text size="sm" c="dimmed">
          {t('dispute.consequence', { days: answerDays, amount })}
        </Text>
        <ProblemAlert error={form.problem} />
        <Group justify="flex-end">
          <WhyNot why={claimed === null ? t('dispute.none') : null}>
            <Button type="submit" loading={form.isSending}>
              {t('dispute.act', { amount })}
            </Button>
          </WhyNot>
        </Group>
      </Stack>
    </form>
  );
}
