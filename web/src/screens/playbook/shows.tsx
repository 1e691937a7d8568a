/** What providers see of a request. */
import { Radio, Stack, Switch, TagsInput } from '@mantine/core';
import { t } from './messages.en.ts';
import type { Values } from './values.ts';

type Props = { values: Values; set: (change: Partial<Values>) => void };

export function ShowsFields({ values, set }: Props) {
  return (
    <Stack>
      <Radio.Group
        label={t('shows.fields')}
        value={values.showsAllFields ? 'all' : 'some'}
        onChange={(value) => set({ showsAllFields: value === 'all' })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="all" label={t('shows.fields.all')} />
          <Radio value="some" label={t('shows.fields.some')} />
        </Stack>
      </Radio.Group>
      {!values.showsAllFields && (
        <TagsInput
          label={t('shows.fields.names')}
          description={t('shows.fields.text')}
          value={values.fields}
          onChange={(fields) => set({ fields })}
          maxTags={30}
        />
      )}
      <Switch
        label={t('shows.personalData')}
        description={t('shows.personalData.text')}
        checked={values.personalData}
        onChange={(event) => set({ personalData: event.currentTarget.checked })}
      />
      <Switch
        label={t('shows.attachments')}
        description={t('shows.attachments.text')}
        checked={values.attachments}
        onChange={(event) => set({ attachments: event.currentTarget.checked })}
      />
    </Stack>
  );
}
