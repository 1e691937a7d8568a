/** A bid in an open round: capacity, tiers and what they come to, where it would stand; then placed or changed. */
import { Alert, Button, Checkbox, Grid, Group, Modal, Paper, Stack, Text, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { type Bid, BidInput } from '../../../../shared/bid/bid.ts';
import type { PublicQueue, PublicRound } from '../../../../shared/queue/queue.ts';
import { useAct } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { t as common } from '../../messages/en.ts';
import { absoluteText, moneyText, percentText } from '../../ui/format.ts';
import { NumberInput } from '../../ui/number-input.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import classes from './bid.module.css';
import { PriceCurve } from './curve.tsx';
import { firstProvisionalAt } from './first-provisional.ts';
import { t } from './messages.en.ts';
import { Seal } from './seal.tsx';
import { Standing, usePreview } from './standing.tsx';
import { TierTable } from './tier-table.tsx';
import { type BidValues, bidOf, earningsOf, toBody } from './tiers.ts';

type Props = { queue: PublicQueue; round: PublicRound; bid: Bid | undefined; mayBid: boolean };

export function Editor({ queue, round, bid, mayBid }: Props) {
  const { terms, currency } = queue;
  const now = useNow();
  const [asked, setAsked] = useState<BidInput | null>(null);
  const put = useAct('put', '/v1/queues/{queue}/rounds/{round}/bid');
  const form = useForm({
    initial: initialOf(bid),
    schema: BidInput,
    toBody: (values) => toBody(values, currency),
    keep: `bid ${queue.id} ${round.round}`,
  });
  const { values } = form;
  const whole = bidOf(values, currency);
  const freeUntil = firstProvisionalAt(round.closesAt, terms.provisionalHours);
  const isLate = freeUntil !== null && now >= freeUntil;
  const place = { queue: queue.id, round: round.round };
  const preview = usePreview(place, whole, isLate);
  const send = async (body: BidInput) => {
    await put.mutateAsync({ path: place, body });
    setAsked(null);
    sayDone(t('placed'));
  };
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <form onSubmit={form.submit(async (body) => setAsked(BidInput.parse(body)))}>
          <Paper p="md">
            <Title order={2} mb="sm">
              {t('form.title')}
            </Title>
            <Stack>
              <NumberInput
                label={t('form.capacity')}
                description={t('form.capacity.hint')}
                value={values.capacity ?? ''}
                onChange={(value) => form.set({ capacity: typeof value === 'number' ? value : null })}
                min={1}
                allowDecimal={false}
                thousandSeparator
                hideControls
                required
                maw={220}
                disabled={!mayBid}
                {...(form.errors.capacity === undefined ? {} : { error: form.errors.capacity })}
              />
              <div>
                <Text size="sm" fw={500}>
                  {t('form.tiers')}
                </Text>
                <Text size="xs" c="dimmed" mb="xs">
                  {t('form.tiers.hint', { fee: percentText(terms.feeBps) })}
                </Text>
                <TierTable
                  tiers={values.tiers}
                  onChange={(tiers) => form.set({ tiers })}
                  errors={form.errors}
                  capacity={values.capacity}
                  currency={currency}
                  feeBps={terms.feeBps}
                />
                {form.errors.tiers !== undefined && (
                  <Text size="xs" c="var(--mantine-color-error)" role="alert">
                    {form.errors.tiers}
                  </Text>
                )}
              </div>
              <Checkbox
                label={t('form.rollOver')}
                description={t('form.rollOver.hint')}
                {...form.checkbox('rollOver')}
                disabled={!mayBid}
              />
              <Promises terms={terms} />
              {isLate && (
                <Alert variant="default" role="note">
                  {t('form.improve')}
                </Alert>
              )}
              <ProblemAlert error={form.problem} />
              <Group justify="space-between">
                <Text size="xs" c="dimmed">
                  <IconLock size={12} aria-hidden="true" /> {t('form.sealed')}
                </Text>
                {mayBid && (
                  <Button type="submit" loading={form.isSending}>
                    {t(bid === undefined ? 'form.send' : 'form.change')}
                  </Button>
                )}
              </Group>
            </Stack>
          </Paper>
        </form>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <Stack>
          <Standing
            {...place}
            currency={currency}
            hasBid={bid !== undefined}
            isWhole={whole !== null}
            notBefore={isLate || freeUntil === null ? null : new Date(freeUntil).toISOString()}
            preview={read(preview)}
          />
          {whole !== null && (
            <>
              <Paper p="md">
                <PriceCurve tiers={whole.tiers} capacity={whole.capacity} currency={currency} />
              </Paper>
              <MayEarn bid={whole} assumedRateBps={terms.assumedRateBps} preview={preview.data} />
            </>
          )}
          {bid !== undefined && <Seal bid={bid} mayWithdraw={mayBid && !isLate} />}
        </Stack>
      </Grid.Col>
      <PlaceDialog asked={asked} isLate={isLate} freeUntil={freeUntil} onClose={() => setAsked(null)} send={send} />
    </Grid>
  );
}

const read = ({ data, error }: ReturnType<typeof usePreview>) => ({ data, error });

const initialOf = (bid: Bid | undefined): BidValues =>
  bid === undefined
    ? { capacity: null, tiers: [{ minVolume: 0, priceMicros: null }], rollOver: false }
    : { capacity: bid.capacity, tiers: bid.tiers, rollOver: bid.rollOver };

function Promises({ terms }: { terms: PublicQueue['terms'] }) {
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        {t('promise.title')}
      </Text>
      <ul className={classes.promises}>
        <li>{t('promise.sla', { hours: terms.slaHours, credit: percentText(terms.slaCreditBps) })}</li>
        <li>{t('promise.lease', { minutes: terms.leaseSeconds / 60 })}</li>
        <li>
          {t('promise.paid', {
            assumed: percentText(terms.assumedRateBps),
            silence: terms.silenceHours,
            reopen: terms.reopenHours,
          })}
        </li>
        <li>{t('promise.standing')}</li>
      </ul>
    </div>
  );
}

function MayEarn(props: { bid: BidInput; assumedRateBps: number; preview: ReturnType<typeof usePreview>['data'] }) {
  const { bid, assumedRateBps, preview } = props;
  const isKnown = preview?.inTheRunning === true;
  const volume = isKnown
    ? { from: preview.volumeFrom, to: preview.volumeTo }
    : { from: bid.tiers[0]!.minVolume, to: bid.capacity };
  const earned = earningsOf(bid.tiers, volume, { assumedRateBps });
  if (earned === null) return null;
  const money = (micros: number) => moneyText(micros, bid.currency);
  return (
    <Paper p="md">
      <Title order={2} mb={4}>
        {t('earn.title')}
      </Title>
      <Text fz={20} fw={650} className="number">
        {t('earn.range', { low: money(earned.lowMicros), high: money(earned.highMicros) })}
      </Text>
      <Text size="sm" c="dimmed">
        {t('earn.volume', { from: earned.from, to: earned.to })}: {t(isKnown ? 'earn.byPreview' : 'earn.byBid')}.
      </Text>
      <Text size="sm" c="dimmed" mt={4}>
        {t('earn.assumes', { assumed: percentText(assumedRateBps) })}
      </Text>
    </Paper>
  );
}

function PlaceDialog(props: {
  asked: BidInput | null;
  isLate: boolean;
  freeUntil: number | null;
  onClose: () => void;
  send: (body: BidInput) => Promise<void>;
}) {
  const { asked, isLate, freeUntil, onClose, send } = props;
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async () => {
    if (asked === null) return;
    setSending(true);
    setError(null);
    await send(asked).catch(setError);
    setSending(false);
  };
  const close = () => {
    setError(null);
    onClose();
  };
  return (
    <Modal
      opened={asked !== null}
      onClose={close}
      title={t('confirm.title')}
      closeButtonProps={{ 'aria-label': common('toast.close') }}
    >
      {asked !== null && (
        <Stack>
          <Text size="sm">
            {t(isLate ? 'confirm.late' : 'confirm.text', {
              capacity: asked.capacity,
              price: moneyText(asked.tiers[0]!.priceMicros, asked.currency, { exact: true }),
              free: freeUntil === null ? '' : absoluteText(freeUntil),
            })}
          </Text>
          <ProblemAlert error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {common('confirm.cancel')}
            </Button>
            <Button onClick={() => void run()} loading={isSending}>
              {t('form.send')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
