/** What `/config.json` tells the web app of where it runs; the same built files serve every place. */
export type WebConfig = {
  signIn:
    | { kind: 'development' }
    /** OpenID Connect with code and PKCE; `authority` is the base address of the hosted pages. */
    | { kind: 'oidc'; authority: string; clientId: string; redirectUri: string; scope: string };
  /** One machine: a clock that can be moved, an outbox that shows every mail. */
  isLocal: boolean;
};
