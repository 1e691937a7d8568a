import { expect, it } from 'vitest';
import { CertificateInput } from '../../../../shared/certificate/certificate.ts';
import { bodyOf, EMPTY, endsSoon } from './values.ts';

it('the form of a certificate sends what the API takes, with no end where none is given', () => {
  const document = new File(['%PDF-1.7'], 'register/extract.pdf', { type: 'application/pdf' });
  const said = { ...EMPTY, title: 'Extract', issuer: 'Court of Bremen', issuedOn: '2026-03-01', document };
  expect(CertificateInput.parse(bodyOf(said))).toEqual({
    kind: 'business_registration',
    title: 'Extract',
    issuer: 'Court of Bremen',
    number: '',
    issuedOn: '2026-03-01',
    expiresOn: null,
    document: { name: 'register_extract.pdf', type: 'application/pdf', sizeBytes: 8 },
  });
  expect(CertificateInput.safeParse(bodyOf({ ...said, document: null })).success).toBe(false);
});

it('a certificate ends soon within thirty days, and no more once it is over', () => {
  const at = (day: string) => Date.parse(`${day}T12:00:00Z`);
  expect(endsSoon('2026-06-30', at('2026-05-30'))).toBe(false);
  expect(endsSoon('2026-06-30', at('2026-06-01'))).toBe(true);
  expect(endsSoon('2026-06-30', at('2026-06-30'))).toBe(true);
  expect(endsSoon('2026-06-30', at('2026-07-01'))).toBe(false);
  expect(endsSoon(null, at('2026-06-30'))).toBe(false);
});
