/**
 * What takes the place of the SDK's search for credentials in bundles: Lambda gives a function its role's in the
 * environment, so files, profiles, single sign-on and the token service, 130 KB of code, are never asked.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
