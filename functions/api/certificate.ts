/** Certificates of organisations: added, completed, shown, checked. */
import * as z from 'zod';
import { certificateRoutes } from '../../shared/api/routes/certificate.ts';
import * as store from '../../shared/certificate/certificate.store.ts';
import { confirmedOf, viewOf } from '../../shared/certificate/certificate.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { api } from '../middleware/api.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { keyOf } from '../middleware/idempotency.ts';

const DueKey = z.object({ pk: z.string(), sk: z.string(), dpk: z.string(), dsk: z.string() });
const access = ({ runtime, machineNow }: Context) => ({ files: runtime.files, machineNow });

const addCertificate: Handler<'addCertificate'> = async (context, { body }) => {
  const { tenant: organisation, user } = context.actor;
  const by = { organisation, user, key: keyOf(context) };
  const added = await store.addCertificate(context, access(context), by, body);
  if (!added.ok) return added;
  const { certificate, upload } = added.value;
  // A form works for a quarter of an hour: a repeated call gets a fresh one.
  return {
    status: 201,
    body: { certificate: viewOf(certificate, context.now), upload },
    onRepeat: { run: 'again' },
  };
};

const listCertificates: Handler<'listCertificates'> = async (context) => {
  const all = await store.listCertificates(context, context.actor.tenant);
  return { status: 200, body: { items: all.map((one) => viewOf(one, context.now)) } };
};

const completeCertificate: Handler<'completeCertificate'> = async (context, { params }) => {
  const { files } = context.runtime;
  const done = await store.completeCertificate(context, files, context.actor.tenant, params.certificate);
  return done.ok ? { status: 200, body: viewOf(done.value, context.now) } : done;
};

const getCertificateDocument: Handler<'getCertificateDocument'> = async (context, { params }) => {
  const own = await store.readOwnCertificate(context, context.actor.tenant, params.certificate);
  const link = await store.linkToDocument(access(context), own);
  return link.ok ? { status: 200, body: link.value } : link;
};

const removeCertificate: Handler<'removeCertificate'> = async (context, { params }) => {
  const { files } = context.runtime;
  return (await store.removeCertificate(context, files, context.actor.tenant, params.certificate))
    ? { status: 204, body: null }
    : refuse('not_found', 'There is no such certificate.');
};

const listConfirmedCertificates: Handler<'listConfirmedCertificates'> = async (context, { params }) => {
  const all = await store.listCertificates(context, params.organisation);
  return { status: 200, body: { items: all.flatMap((one) => confirmedOf(one, context.now) ?? []) } };
};

const listUncheckedCertificates: Handler<'listUncheckedCertificates'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, DueKey);
  if (!after.ok) return after;
  const asked = { limit: query.limit, ...(after.value === undefined ? {} : { after: after.value }) };
  const page = await store.listUnchecked(context, asked);
  const items = page.items.map((one) => viewOf(one, context.now));
  return { status: 200, body: { items, next: await cursorOf(context, page.after) } };
};

const getAnyCertificateDocument: Handler<'getAnyCertificateDocument'> = async (context, { params }) => {
  const found = await store.readCertificate(context, params.certificate);
  const link = await store.linkToDocument(access(context), found);
  return link.ok ? { status: 200, body: link.value } : link;
};

const checkCertificate: Handler<'checkCertificate'> = async (context, { params, body }) => {
  const found = await store.checkCertificate(context, params.certificate, context.actor.user, body);
  return found.ok ? { status: 200, body: viewOf(found.value, context.now) } : found;
};

export const handler = api('certificate', certificateRoutes, {
  addCertificate,
  listCertificates,
  completeCertificate,
  getCertificateDocument,
  removeCertificate,
  listConfirmedCertificates,
  listUncheckedCertificates,
  getAnyCertificateDocument,
  checkCertificate,
});
