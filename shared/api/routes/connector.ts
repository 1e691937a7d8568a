/** Connectors to what a company already runs, and the address at which their messages come in. */
import * as z from 'zod';
import {
  ConnectorError,
  ConnectorId,
  ConnectorInput,
  ConnectorView,
  Delivered,
  DryRun,
  MOST_INBOUND_BYTES,
  SecretInput,
} from '../../connector/connector.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';

const SET = { who: 'members', roles: ['company.admin'], scope: 'requests:write' } as const;
const SEE = { who: 'members', roles: ['company.admin'], scope: 'requests:read' } as const;
const Params = z.object({ connector: ConnectorId });
const ErrorParams = Params.extend({
  error: z.string().regex(/^\d{15}\.[A-Za-z0-9_-]{22}$/, 'is not the id of an error'),
});
const MESSAGE = {
  types: [
    'application/json',
    'message/rfc822',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'text/plain',
    'application/octet-stream',
  ],
  mostBytes: MOST_INBOUND_BYTES,
} as const;
const WithSecret = z
  .object({ connector: ConnectorView, secret: z.string().nullable().meta({ description: 'Shown this once' }) })
  .meta({ id: 'ConnectorWithSecret' });

export const connectorRoutes = defineRoutes([
  {
    id: 'createConnector',
    function: 'intake',
    method: 'POST',
    path: '/v1/connectors',
    access: SET,
    repeat: 'key',
    summary: 'Connect a system: a webhook, Zendesk, or a mailbox',
    description: 'The answer has the address to post to, and the secret, which is shown this once.',
    body: z.strictObject({ config: ConnectorInput, secret: SecretInput }).meta({ id: 'NewConnector' }),
    responses: { 201: WithSecret },
    problems: ['organisation_not_approved', 'too_many_connectors'],
  },
  {
    id: 'listConnectors',
    function: 'intake',
    method: 'GET',
    path: '/v1/connectors',
    access: SEE,
    repeat: 'none',
    summary: 'All connectors of the company',
    responses: { 200: z.object({ items: z.array(ConnectorView) }) },
    problems: [],
  },
  {
    id: 'getConnector',
    function: 'intake',
    method: 'GET',
    path: '/v1/connectors/{connector}',
    access: SEE,
    repeat: 'none',
    summary: 'One connector',
    params: Params,
    responses: { 200: ConnectorView },
    problems: [],
  },
  {
    id: 'putConnector',
    function: 'intake',
    method: 'PUT',
    path: '/v1/connectors/{connector}',
    access: SET,
    repeat: 'natural',
    summary: 'Change how a connector works; its kind, address and secret stay',
    params: Params,
    body: ConnectorInput,
    responses: { 200: ConnectorView },
    problems: [],
  },
  {
    id: 'deleteConnector',
    function: 'intake',
    method: 'DELETE',
    path: '/v1/connectors/{connector}',
    access: SET,
    repeat: 'natural',
    summary: 'Delete a connector: its address is gone for good',
    params: Params,
    responses: { 204: null },
    problems: [],
  },
  {
    id: 'rotateConnectorSecret',
    function: 'intake',
    method: 'POST',
    path: '/v1/connectors/{connector}/rotate-secret',
    access: SET,
    repeat: 'key',
    summary: 'Give a connector another secret; the one before stays good for a while',
    params: Params,
    body: z
      .strictObject({ secret: SecretInput, overlapHours: z.int().min(0).max(168).default(24) })
      .meta({ id: 'SecretRotation' }),
    responses: { 200: WithSecret },
    problems: [],
  },
  {
    id: 'testConnector',
    function: 'intake',
    method: 'POST',
    path: '/v1/connectors/{connector}/test',
    access: SEE,
    repeat: 'none',
    summary: 'Show what a sample message would become; nothing is written, no signature is needed',
    params: Params,
    rawBody: MESSAGE,
    responses: { 200: DryRun },
    problems: [],
  },
  {
    id: 'listConnectorErrors',
    function: 'intake',
    method: 'GET',
    path: '/v1/connectors/{connector}/errors',
    access: SEE,
    repeat: 'none',
    summary: 'Messages that could not become requests, newest first, kept for 30 days',
    params: Params,
    query: z.object({ ...PageQuery, limit: z.coerce.number().int().min(1).max(50).default(20) }),
    responses: { 200: pageOf(ConnectorError) },
    problems: [],
  },
  {
    id: 'retryConnectorError',
    function: 'intake',
    method: 'POST',
    path: '/v1/connectors/{connector}/errors/{error}/retry',
    access: SET,
    repeat: 'natural',
    summary:
      'Take a kept message again, as the connector works now; it is an error no more once it is taken or ignored',
    params: ErrorParams,
    responses: { 200: Delivered },
    problems: ['organisation_not_approved'],
  },
  {
    id: 'deleteConnectorError',
    function: 'intake',
    method: 'DELETE',
    path: '/v1/connectors/{connector}/errors/{error}',
    access: SET,
    repeat: 'natural',
    summary: 'Throw a kept message away',
    params: ErrorParams,
    responses: { 204: null },
    problems: [],
  },
  {
    id: 'receiveInbound',
    function: 'intake',
    method: 'POST',
    path: '/v1/inbound/{connector}',
    access: { who: 'everybody' },
    repeat: 'none',
    summary: 'Where a connected system posts its messages, signed',
    description:
      'The same message again is harmless: its request is keyed by the id in it. 202: the message is kept, but could not become a request; posting it again does not help, its company sees it among the errors.',
    params: Params,
    rawBody: MESSAGE,
    responses: { 200: Delivered, 202: Delivered },
    problems: ['bad_signature', 'connector_off', 'organisation_not_approved'],
  },
]);
