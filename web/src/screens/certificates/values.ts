/** The form of a certificate, and what it sends. */

import type * as z from 'zod';
import type { CertificateKind } from '../../../../shared/certificate/certificate.ts';
import { nameOf } from '../turn-parts/files.ts';

export type Values = {
  kind: z.infer<typeof CertificateKind>;
  title: string;
  issuer: string;
  number: string;
  issuedOn: string;
  expiresOn: string;
  document: File | null;
};
export const EMPTY: Values = {
  kind: 'business_registration',
  title: '',
  issuer: '',
  number: '',
  issuedOn: '',
  expiresOn: '',
  document: null,
};

export const bodyOf = ({ document, expiresOn, ...said }: Values): unknown => ({
  ...said,
  expiresOn: expiresOn === '' ? null : expiresOn,
  document: document === null ? null : { name: nameOf(document.name), type: document.type, sizeBytes: document.size },
});

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** Whether a certificate that holds now is over within thirty days of its last day (UTC). */
export function endsSoon(expiresOn: string | null, now: number): boolean {
  if (expiresOn === null) return false;
  const over = Date.parse(`${expiresOn}T00:00:00Z`) + DAY_MS;
  return over > now && over - now <= SOON_DAYS * DAY_MS;
}
