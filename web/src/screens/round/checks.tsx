/** Each check with what it makes sure of, and what it looked at. */
import { Text } from '@mantine/core';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { CHECKS, type Check } from '../../../../shared/market/round-file/check.ts';
import { t } from './messages.en.ts';
import classes from './round.module.css';

const SIGNS = {
  passed: { Icon: IconCheck, className: 'good', text: t('proof.passed') },
  failed: { Icon: IconX, className: 'bad', text: t('proof.failed.one') },
  'not possible': { Icon: IconMinus, className: '', text: t('proof.impossible') },
};

export function Checks({ checks }: { checks: readonly Check[] }) {
  return (
    <ul className={classes.checks}>
      {checks.map(({ name, outcome, detail }) => {
        const { Icon, className, text } = SIGNS[outcome];
        return (
          <li key={name}>
            <Icon size={18} className={className} aria-hidden="true" />
            <div>
              <Text size="sm">
                <span className="visually-hidden">{text}: </span>
                {CHECKS[name]}
              </Text>
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {outcome === 'not possible' ? `${text}: ${detail}` : detail}
              </Text>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
