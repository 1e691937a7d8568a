/** What a company decides about one of its requests: confirm, reject, cancel, and the customer's link. */
import { Anchor, Button, CopyButton, Group, Modal, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { Rejection } from '../../../../shared/dispatch/lease.ts';
import type { RequestView } from '../../../../shared/request/request.ts';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/use-api.ts';
import { t as common } from '../../messages/en.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { moneyText } from '../../ui/format.ts';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

type Props = { request: RequestView; currency: string };

/** A resolution may be judged until its request is settled; what is not resolved may be cancelled. */
export function Actions({ request, currency }: Props) {
  const { state } = request;
  const isJudged = state === 'resolved' || state === 'assumed' || state === 'confirmed';
  const isOpen = state === 'queued' || state === 'working' || state === 'held_back';
  return (
    <>
      <CustomerLink request={request.id} />
      {isOpen && <Cancel request={request.id} />}
      {isJudged && <Reject request={request.id} />}
      {isJudged && state !== 'confirmed' && <Confirm request={request} currency={currency} />}
    </>
  );
}

function Confirm({ request, currency }: Props) {
  const confirm = useAct('post', '/v1/requests/{request}/confirm');
  const price = request.priceMicros === null ? '' : moneyText(request.priceMicros, currency, { exact: true });
  return (
    <ConfirmButton
      label={t('confirm')}
      title={t('confirm.title')}
      consequence={t('confirm.text', { price })}
      act={() => confirm.mutateAsync({ path: { request: request.id } })}
      done={t('confirmed')}
    />
  );
}

function Cancel({ request }: { request: string }) {
  const cancel = useAct('post', '/v1/requests/{request}/cancel');
  return (
    <ConfirmButton
      label={t('cancel')}
      variant="default"
      title={t('cancel.title')}
      consequence={t('cancel.text')}
      confirm={t('cancel.act')}
      color="red"
      act={() => cancel.mutateAsync({ path: { request } })}
      done={t('cancelled')}
    />
  );
}

const CODES = Rejection.shape.code.options;

function Reject({ request }: { request: string }) {
  const [isOpen, dialog] = useDisclosure(false);
  const reject = useAct('post', '/v1/requests/{request}/reject');
  const form = useForm({ initial: { code: 'not_done', text: '' }, schema: Rejection });
  const submit = (event: FormEvent) =>
    form.submit(async (body) => {
      await reject.mutateAsync({ path: { request }, body: Rejection.parse(body) });
      dialog.close();
      sayDone(t('rejected'));
    })(event);
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {t('reject')}
      </Button>
      <Modal opened={isOpen} onClose={dialog.close} title={t('reject.title')} closeButtonProps={CLOSE}>
        <form onSubmit={submit}>
          <Stack>
            <Text>{t('reject.text')}</Text>
            <Radio.Group {...form.value('code')} label={t('reject.code')}>
              <Stack gap="xs" mt="xs">
                {CODES.map((code) => (
                  <Radio key={code} value={code} label={t(`reject.code.${code}`)} />
                ))}
              </Stack>
            </Radio.Group>
            <Textarea {...form.text('text')} label={t('reject.note')} autosize minRows={2} maxLength={1_000} />
            <ProblemAlert error={form.problem} />
            <Group justify="flex-end">
              <Button type="submit" loading={form.isSending}>
                {t('reject.act')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}

const CLOSE = { 'aria-label': common('toast.close') };

/** Makes the link when it is asked for; it is a key, so it is not shown before. */
function CustomerLink({ request }: { request: string }) {
  const [isOpen, dialog] = useDisclosure(false);
  const [link, setLink] = useState<{ token: string; expiresAt: string } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const open = () => {
    dialog.open();
    setError(null);
    call('post', '/v1/requests/{request}/link', { path: { request } }).then(setLink, setError);
  };
  const address = link === null ? '' : `${location.origin}/c/${link.token}`;
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('link')}
      </Button>
      <Modal opened={isOpen} onClose={dialog.close} title={t('link.title')} closeButtonProps={CLOSE} size="lg">
        <Stack>
          <Text>{t('link.text')}</Text>
          <ProblemAlert error={error} />
          {link !== null && (
            <>
              <Group align="flex-end" wrap="nowrap">
                <TextInput flex={1} readOnly aria-label={t('link.title')} value={address} />
                <CopyButton value={address}>
                  {({ copied, copy }) => (
                    <Button variant="default" onClick={copy}>
                      {t(copied ? 'link.copied' : 'link.copy')}
                    </Button>
                  )}
                </CopyButton>
              </Group>
              <Text size="sm" c="dimmed">
                {t('link.until')} <When iso={link.expiresAt} show="absolute" />.{' '}
                <Anchor href={address} target="_blank" rel="noreferrer" inherit>
                  {t('link.open')}
                </Anchor>
              </Text>
            </>
          )}
        </Stack>
      </Modal>
    </>
  );
}
