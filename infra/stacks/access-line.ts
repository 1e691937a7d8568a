/**
 * What the API writes of each call, also of those that reach no function. The route's pattern and never the path: in some
 * paths stands a customer's link. The function's own line says the rest, under the same id; each byte is paid for.
 */
export const ACCESS_LINE = {
  callId: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  ms: '$context.responseLatency',
  error: '$context.integrationErrorMessage',
};
