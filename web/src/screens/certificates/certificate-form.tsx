/** Adds a certificate with its document. */

import { FileInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CertificateInput, CertificateKind } from '../../../../shared/certificate/certificate.ts';
import { FileType, MOST_FILE_BYTES } from '../../../../shared/thread/attachment.ts';
import { useAct } from '../../api/use-api.ts';
import { FormFoot } from '../../ui/form-foot.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { t } from './messages.en.ts';
import { uploadDocument } from './upload.ts';
import { bodyOf, EMPTY, type Values } from './values.ts';

type Step = 'add' | 'upload' | 'check';
const BYTES_PER_MB = 1024 * 1024;

export function CertificateForm({ onClose }: { onClose: () => void }) {
  const form = useForm({ initial: EMPTY, schema: CertificateInput, toBody: bodyOf });
  const add = useAct('post', '/v1/certificates');
  const [step, setStep] = useState<Step | null>(null);
  const { document } = form.values;
  const send = async (body: unknown) => {
    setStep('add');
    try {
      const { certificate, upload } = await add.mutateAsync({ body: CertificateInput.parse(body) });
      setStep('upload');
      if (document !== null) await uploadDocument(certificate.id, upload, document, () => setStep('check'));
      sayDone(t('done'));
      onClose();
    } finally {
      setStep(null);
    }
  };
  return (
    <form noValidate onSubmit={form.submit(send)}>
      <Stack>
        <Select
          {...form.value('kind')}
          label={t('form.kind')}
          onChange={(value) => form.set({ kind: (value ?? 'other') as Values['kind'] })}
          allowDeselect={false}
          data={CertificateKind.options.map((value) => ({ value, label: t(`kind.${value}`) }))}
        />
        <TextInput {...form.text('title')} label={t('form.name')} maxLength={150} required data-autofocus />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput {...form.text('issuer')} label={t('form.issuer')} maxLength={150} required />
          <TextInput {...form.text('number')} label={t('form.number')} maxLength={100} />
          <TextInput {...form.text('issuedOn')} type="date" label={t('form.issuedOn')} required />
          <TextInput
            {...form.text('expiresOn')}
            type="date"
            label={t('form.expiresOn')}
            description={t('form.expiresOn.hint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
          />
        </SimpleGrid>
        <FileInput
          label={t('form.document')}
          description={t('form.document.hint', { mb: MOST_FILE_BYTES / BYTES_PER_MB })}
          placeholder={t('form.choose')}
          accept={FileType.options.join(',')}
          value={document}
          onChange={(file) => form.set({ document: file })}
          required
          {...wrongWith(document, form.errors)}
        />
        <FormFoot form={form} act={t('form.act')} onCancel={onClose}>
          {step !== null && (
            <Text size="sm" c="dimmed" role="status" mr="auto">
              {t(`form.step.${step}`)}
            </Text>
          )}
        </FormFoot>
      </Stack>
    </form>
  );
}

function wrongWith(document: File | null, errors: Readonly<Record<string, string>>): { error?: string } {
  if (!Object.keys(errors).some((field) => field.startsWith('document'))) return {};
  if (document === null) return { error: t('file.missing') };
  return { error: t(document.size > MOST_FILE_BYTES ? 'file.tooLarge' : 'file.type') };
}
