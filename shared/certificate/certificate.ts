/** A certificate of a company or provider: what it says, the document, until when it holds, and who of the market checked it. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { dayOf, Instant, iso } from '../kernel/time.ts';
import { AttachmentInput, AttachmentView, Upload } from '../thread/attachment.ts';

export const CertificateId = z
  .string()
  .regex(/^(co|pr)_[0-9a-z]{4,20}\.[A-Za-z0-9_-]{22}$/, 'is not the id of a certificate')
  .meta({ description: "A certificate's id, which begins with its organisation's" });
export const organisationOf = (certificate: string): string => certificate.slice(0, certificate.indexOf('.'));

export const CertificateKind = z
  .enum([
    'business_registration',
    'iso_27001',
    'iso_18295',
    'soc_2',
    'pci_dss',
    'data_protection',
    'insurance',
    'licence',
    'other',
  ])
  .meta({ id: 'CertificateKind' });

const Line = z.string().trim().min(1).max(150);
const Stated = {
  kind: CertificateKind,
  title: Line.meta({ description: 'What it is called' }),
  issuer: Line.meta({ description: 'Who gave it' }),
  number: z.string().trim().max(100).default(''),
  issuedOn: z.iso.date(),
  expiresOn: z.iso.date().nullable().default(null).meta({ description: 'The last UTC day on which it holds' }),
};
export const CertificateInput = z
  .strictObject({ ...Stated, document: AttachmentInput })
  .refine((input) => input.expiresOn === null || input.expiresOn >= input.issuedOn, {
    path: ['expiresOn'],
    message: 'must not lie before issuedOn',
  })
  .meta({ id: 'CertificateInput' });
export type CertificateInput = z.infer<typeof CertificateInput>;

export const CertificateCheck = z
  .strictObject({
    result: z.enum(['confirmed', 'rejected']),
    note: z.string().trim().max(500).default('').meta({ description: 'The organisation reads it' }),
  })
  .refine((check) => check.result === 'confirmed' || check.note !== '', {
    path: ['note'],
    message: 'must say why it is rejected',
  })
  .meta({ id: 'CertificateCheck' });
export type CertificateCheck = z.infer<typeof CertificateCheck>;

/** As stored. `sha256` is of the checked content of the document; null before it has come. */
export const StoredCertificate = z.object({
  id: CertificateId,
  organisation: OrganisationId,
  ...Stated,
  document: z.object({ name: z.string(), type: AttachmentInput.shape.type, sizeBytes: z.int() }),
  sha256: z.string().nullable(),
  addedAt: z.number(),
  addedBy: z.string(),
  check: z
    .object({ result: z.enum(['confirmed', 'rejected']), note: z.string(), by: z.string(), at: z.number() })
    .nullable(),
});
export type StoredCertificate = z.infer<typeof StoredCertificate>;

/** `awaits_document` → `awaits_check` → `confirmed` or `rejected`; `expired` whatever was found, once its last day is over. */
export const CertificateState = z
  .enum(['awaits_document', 'awaits_check', 'confirmed', 'rejected', 'expired'])
  .meta({ id: 'CertificateState' });
export type CertificateState = z.infer<typeof CertificateState>;

export function stateOf(
  certificate: Pick<StoredCertificate, 'expiresOn' | 'sha256' | 'check'>,
  now: number,
): CertificateState {
  if (certificate.expiresOn !== null && certificate.expiresOn < dayOf(now)) return 'expired';
  if (certificate.check !== null) return certificate.check.result;
  return certificate.sha256 === null ? 'awaits_document' : 'awaits_check';
}

/** As its organisation and the market's operators see it. */
export const Certificate = z
  .object({
    id: CertificateId,
    organisation: OrganisationId,
    ...Stated,
    state: CertificateState,
    document: AttachmentView.omit({ id: true }),
    addedAt: Instant,
    addedBy: z.string(),
    check: z
      .object({ result: CertificateCheck.shape.result, note: z.string(), by: z.string(), at: Instant })
      .nullable()
      .meta({ description: 'What a person of the market found, who and when' }),
  })
  .meta({ id: 'Certificate' });
export type Certificate = z.infer<typeof Certificate>;

/** As other organisations see it: only what was confirmed and holds, without the document and without persons. */
export const ConfirmedCertificate = z
  .object({ ...Stated, checkedAt: Instant })
  .omit({ number: true })
  .meta({ id: 'ConfirmedCertificate' });
export type ConfirmedCertificate = z.infer<typeof ConfirmedCertificate>;

export const NewCertificate = z.object({ certificate: Certificate, upload: Upload }).meta({ id: 'NewCertificate' });

export function viewOf(stored: StoredCertificate, now: number): Certificate {
  const { sha256: _sha256, addedAt, check, ...said } = stored;
  return {
    ...said,
    state: stateOf(stored, now),
    addedAt: iso(addedAt),
    check: check === null ? null : { ...check, at: iso(check.at) },
  };
}

/** What others are shown; undefined where it is not confirmed, or does not hold any more. */
export function confirmedOf(stored: StoredCertificate, now: number): ConfirmedCertificate | undefined {
  if (stateOf(stored, now) !== 'confirmed' || stored.check === null) return undefined;
  const { kind, title, issuer, issuedOn, expiresOn, check } = stored;
  return { kind, title, issuer, issuedOn, expiresOn, checkedAt: iso(check.at) };
}

/**
 * What a person found on looking at the document. The same by the same person again is the same; another finding needs
 * another certificate. Refused: `attachment_missing`, `certificate_checked`.
 */
export function checked(
  stored: StoredCertificate,
  input: CertificateCheck,
  by: string,
  now: number,
): Result<StoredCertificate, 'attachment_missing' | 'certificate_checked'> {
  if (stored.sha256 === null)
    return refuse('attachment_missing', 'The document has not been uploaded yet: there is nothing to check.');
  const { check } = stored;
  if (check === null) return ok({ ...stored, check: { ...input, by, at: now } });
  if (check.by === by && check.result === input.result && check.note === input.note) return ok(stored);
  return refuse('certificate_checked', `${check.by} ${check.result} this certificate at ${iso(check.at)}.`);
}
