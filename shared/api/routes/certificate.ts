/** Certificates: added by their organisation, checked by the market, shown to others once confirmed. */
import * as z from 'zod';
import {
  Certificate,
  CertificateCheck,
  CertificateId,
  CertificateInput,
  ConfirmedCertificate,
  NewCertificate,
} from '../../certificate/certificate.ts';
import { OrganisationId } from '../../kernel/id.ts';
import { Download } from '../../thread/attachment.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';
import { EVERY_ROLE } from './market.ts';

const OWN = ['company.admin', 'provider.admin'] as const;
const READ = { who: 'members', roles: OWN, scope: 'organisation:read' } as const;
const WRITE = { who: 'members', roles: OWN, scope: 'organisation:write' } as const;
const WATCH = { who: 'members', roles: ['market.operator'], scope: 'market:read' } as const;
const CHECK = { who: 'members', roles: ['market.operator'], scope: 'market:write', byPeople: true } as const;
const params = z.object({ certificate: CertificateId });

export const certificateRoutes = defineRoutes([
  {
    id: 'addCertificate',
    function: 'certificate',
    method: 'POST',
    path: '/v1/certificates',
    access: WRITE,
    repeat: 'key',
    summary: 'Add a certificate, and get the form by which its document is uploaded',
    description:
      'POST the document as multipart/form-data with every field of the form within a quarter of an hour, then complete the certificate.',
    body: CertificateInput,
    responses: { 201: NewCertificate },
    problems: ['too_many_certificates'],
  },
  {
    id: 'listCertificates',
    function: 'certificate',
    method: 'GET',
    path: '/v1/certificates',
    access: READ,
    repeat: 'none',
    summary: 'One’s certificates, the newest in front',
    responses: { 200: z.object({ items: z.array(Certificate) }) },
    problems: [],
  },
  {
    id: 'completeCertificate',
    function: 'certificate',
    method: 'POST',
    path: '/v1/certificates/{certificate}/complete',
    access: WRITE,
    repeat: 'natural',
    summary: 'Have the uploaded document looked at and kept; then the market checks it',
    params,
    responses: { 200: Certificate },
    problems: ['attachment_missing', 'attachment_mismatch'],
  },
  {
    id: 'getCertificateDocument',
    function: 'certificate',
    method: 'GET',
    path: '/v1/certificates/{certificate}/document',
    access: READ,
    repeat: 'none',
    summary: 'A link that saves the document, for five minutes',
    params,
    responses: { 200: Download },
    problems: [],
  },
  {
    id: 'removeCertificate',
    function: 'certificate',
    method: 'DELETE',
    path: '/v1/certificates/{certificate}',
    access: WRITE,
    repeat: 'natural',
    summary: 'Take a certificate away, with its document',
    params,
    responses: { 204: null },
    problems: [],
  },
  {
    id: 'listConfirmedCertificates',
    function: 'certificate',
    method: 'GET',
    path: '/v1/organisations/{organisation}/certificates',
    access: { who: 'members', roles: EVERY_ROLE, scope: 'organisation:read' },
    repeat: 'none',
    summary: 'What certificates of a company or provider the market has confirmed, as far as they still hold',
    params: z.object({ organisation: OrganisationId }),
    responses: { 200: z.object({ items: z.array(ConfirmedCertificate) }) },
    problems: [],
  },
  {
    id: 'listUncheckedCertificates',
    function: 'certificate',
    method: 'GET',
    path: '/v1/operator/certificates',
    access: WATCH,
    repeat: 'none',
    summary: 'Certificates that wait for a check, the oldest in front',
    query: z.object(PageQuery),
    responses: { 200: pageOf(Certificate) },
    problems: [],
  },
  {
    id: 'getAnyCertificateDocument',
    function: 'certificate',
    method: 'GET',
    path: '/v1/operator/certificates/{certificate}/document',
    access: WATCH,
    repeat: 'none',
    summary: 'A link that saves the document, for who checks it',
    params,
    responses: { 200: Download },
    problems: [],
  },
  {
    id: 'checkCertificate',
    function: 'certificate',
    method: 'POST',
    path: '/v1/operator/certificates/{certificate}/check',
    access: CHECK,
    repeat: 'natural',
    summary: 'Write down what one found on looking at a certificate',
    params,
    body: CertificateCheck,
    responses: { 200: Certificate },
    problems: ['attachment_missing', 'certificate_checked'],
  },
]);
