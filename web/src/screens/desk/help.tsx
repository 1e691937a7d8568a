/** The keys of the desk, and whether single letters act. */
import { Button, Kbd, Modal, Stack, Switch, Table } from '@mantine/core';
import { IconKeyboard } from '@tabler/icons-react';
import { t as common } from '../../messages/en.ts';
import { t } from './messages.en.ts';
import { KEYS, type Key, keyText } from './shortcuts.ts';

type Props = { isOpen: boolean; setOpen: (isOpen: boolean) => void; isOn: boolean; setOn: (isOn: boolean) => void };

export function KeysHelp({ isOpen, setOpen, isOn, setOn }: Props) {
  return (
    <>
      <Button variant="default" leftSection={<IconKeyboard size={16} />} onClick={() => setOpen(true)}>
        {t('help.open')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('help.title')}
        closeButtonProps={{ 'aria-label': common('toast.close') }}
      >
        <Stack>
          <Switch
            label={t('help.letters')}
            description={t('help.letters.hint')}
            checked={isOn}
            onChange={(event) => setOn(event.currentTarget.checked)}
          />
          <Table>
            <Table.Tbody>
              {(Object.keys(KEYS) as Key[]).map((key) => (
                <Table.Tr key={key}>
                  <Table.Td>{keyText(key)}</Table.Td>
                  <Table.Td ta="right">
                    <Kbd>{KEYS[key]}</Kbd>
                  </Table.Td>
                </Table.Tr>
              ))}
              <Table.Tr>
                <Table.Td>{t('key.send')}</Table.Td>
                <Table.Td ta="right">
                  <Kbd>{t('key.ctrl')}</Kbd> <Kbd>{t('key.enter')}</Kbd>
                </Table.Td>
              </Table.Tr>
            </Table.Tbody>
          </Table>
        </Stack>
      </Modal>
    </>
  );
}
