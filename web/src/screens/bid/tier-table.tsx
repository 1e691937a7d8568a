/** The tiers of a bid as a table to type in: from so many requests on, this price for every one. */
import { ActionIcon, Button, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { MoneyInput } from '../../ui/money-input.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import type { Errors } from '../../ui/use-form.ts';
import { Money } from '../../ui/values.tsx';
import { WhyNot } from '../../ui/why-not.tsx';
import classes from './bid.module.css';
import { t } from './messages.en.ts';
import { allInMicros, nextTier, type TierValue } from './tiers.ts';

const MOST_TIERS = 10;

type Props = {
  tiers: readonly TierValue[];
  onChange: (tiers: readonly TierValue[]) => void;
  errors: Errors;
  capacity: number | null;
  currency: string;
  feeBps: number;
};

export function TierTable({ tiers, onChange, errors, capacity, currency, feeBps }: Props) {
  const change = (at: number, more: Partial<TierValue>) =>
    onChange(tiers.map((tier, n) => (n === at ? { ...tier, ...more } : tier)));
  const errorOf = (name: string) => (errors[name] === undefined ? {} : { error: errors[name] });
  return (
    <div>
      <div className={classes.tiers}>
        <div className={classes.head} aria-hidden="true">
          <span>{t('form.from')}</span>
          <span>{t('form.price')}</span>
          <span className={classes.end}>{t('form.allIn')}</span>
          <span />
        </div>
        {tiers.map((tier, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a tier is its place
          <div key={at}>
            <div className={classes.tier}>
              <NumberInput
                aria-label={t('form.from.of', { n: at + 1 })}
                value={tier.minVolume ?? ''}
                onChange={(value) => change(at, { minVolume: typeof value === 'number' ? value : null })}
                min={0}
                allowDecimal={false}
                thousandSeparator
                hideControls
                {...errorOf(`tiers[${at}].minVolume`)}
              />
              <MoneyInput
                aria-label={t('form.price.of', { n: at + 1 })}
                currency={currency}
                value={tier.priceMicros}
                onChange={(priceMicros) => change(at, { priceMicros })}
                {...errorOf(`tiers[${at}].priceMicros`)}
              />
              <Text size="sm" c="dimmed" className={classes.end} component="div">
                <Money
                  micros={tier.priceMicros === null ? null : allInMicros(tier.priceMicros, feeBps)}
                  currency={currency}
                />
              </Text>
              <WhyNot why={tiers.length === 1 ? t('form.remove.last') : null}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t('form.remove', { n: at + 1 })}
                  onClick={() => onChange(tiers.filter((_, n) => n !== at))}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </WhyNot>
            </div>
            {errors[`tiers[${at}]`] !== undefined && (
              <Text size="xs" c="var(--mantine-color-error)" role="alert">
                {errors[`tiers[${at}]`]}
              </Text>
            )}
          </div>
        ))}
      </div>
      <WhyNot why={tiers.length >= MOST_TIERS ? t('form.add.most', { count: MOST_TIERS }) : null}>
        <Button
          mt="xs"
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...tiers, nextTier(tiers, capacity)])}
        >
          {t('form.add')}
        </Button>
      </WhyNot>
    </div>
  );
}
