/** The words of a request, as the company's playbook shows them to who works it. */
import { Text } from '@mantine/core';
import { t } from './messages.en.ts';
import classes from './turn.module.css';
import type { Work } from './work.ts';

export function Words({ work }: { work: Work }) {
  const fields = Object.entries(work.fields);
  return (
    <div>
      <Text className={classes.said}>{work.text.trim() === '' ? t('words.none') : work.text}</Text>
      {fields.length > 0 && (
        <dl className={classes.fields}>
          {fields.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
