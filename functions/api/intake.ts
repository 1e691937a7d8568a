/** Requests from files, and from the systems that a company already runs. */
import { api } from '../middleware/api.ts';
import {
  createConnector,
  deleteConnector,
  deleteConnectorError,
  getConnector,
  listConnectorErrors,
  listConnectors,
  putConnector,
  receiveInbound,
  retryConnectorError,
  rotateConnectorSecret,
  testConnector,
} from './connectors.ts';
import {
  cancelImport,
  createImport,
  getImport,
  getImportErrorsFile,
  listImportErrors,
  listImports,
  putImportPart,
  resumeImport,
  startImport,
} from './imports.ts';

export const handler = api('intake', {
  createImport,
  listImports,
  getImport,
  putImportPart,
  startImport,
  cancelImport,
  resumeImport,
  listImportErrors,
  getImportErrorsFile,
  createConnector,
  listConnectors,
  getConnector,
  putConnector,
  deleteConnector,
  rotateConnectorSecret,
  testConnector,
  listConnectorErrors,
  retryConnectorError,
  deleteConnectorError,
  receiveInbound,
});
