/**
 * Asked by the user pool before it gives an access token: puts the person's address into it, which the market keeps with a
 * membership and shows to colleagues. An address that nobody has proved is left out.
 */
type TokenEvent = {
  request: { userAttributes: Readonly<Record<string, string | undefined>> };
  response: { claimsAndScopeOverrideDetails?: object | null };
};

export const handler = async <E extends TokenEvent>(event: E): Promise<E> => {
  const { email, email_verified: isVerified } = event.request.userAttributes;
  if (email !== undefined && isVerified === 'true')
    event.response.claimsAndScopeOverrideDetails = {
      accessTokenGeneration: { claimsToAddOrOverride: { email: email.toLowerCase() } },
    };
  return event;
};
