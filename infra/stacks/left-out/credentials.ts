/**
 * In place of the SDK's chain of sign-ins by files, SSO and metadata servers, about 85 KB: Lambda gives a function its
 * credentials in the environment, for as long as the environment lives.
 */
export const defaultProvider = () => async () => ({
  accessKeyId: required('AWS_ACCESS_KEY_ID'),
  secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
  ...(process.env.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: process.env.AWS_SESSION_TOKEN }),
});

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set for this function`);
  return value;
}
