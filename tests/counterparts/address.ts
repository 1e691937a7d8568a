/** Where `npm run test:counterparts` says that a counterpart answers; throws outside of it. */
export function addressOf(variable: 'AWS_ENDPOINT_URL_DYNAMODB' | 'AWS_ENDPOINT_URL_SQS'): string {
  const address = process.env[variable];
  if (address === undefined || address === '') throw new Error(`${variable} is not set: run npm run test:counterparts`);
  return address;
}
