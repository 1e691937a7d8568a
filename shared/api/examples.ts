/** One good body for each of the routes that a newcomer tries first. A test parses every one of them. */
const currency = 'USD';
const serviceClass = { category: 'Mortgage', channel: 'Web', language: 'en-US', region: 'US', slaTier: 'standard' };

export const EXAMPLES: Readonly<Record<string, unknown>> = {
  register: { kind: 'company', name: 'Acme Bank' },
  invite: { email: 'ada@example.com', roles: ['company.operator'] },
  createApiKey: { name: 'CRM', roles: ['company.operator'], scopes: ['requests:read', 'requests:write'] },
  createQueue: {
    serviceClass,
    currency,
    terms: {
      slaHours: 48,
      ceilingMicros: 9_000_000,
      failureCostMicros: 4_000_000,
      secondPersonAboveMicros: 50_000_000_000,
    },
  },
  putCommitment: { currency, volume: 1_000, reserveMicros: 7_500_000 },
  putBid: {
    currency,
    capacity: 5_000,
    tiers: [
      { minVolume: 1, priceMicros: 6_000_000 },
      { minVolume: 1_000, priceMicros: 5_200_000 },
    ],
  },
  createEstimate: { demand: [{ serviceClass, currency, volume: 1_000 }] },
  previewCommitment: { currency, volume: 1_200, reserveMicros: 7_500_000 },
  previewBid: { currency, capacity: 5_000, tiers: [{ minVolume: 1, priceMicros: 5_800_000 }] },
  createRequest: {
    externalId: 'case-1001',
    queue: 'mortgage-web-en-us-us-standard-usd',
    customer: 'ada@example.com',
    text: 'My last payment is shown twice.',
  },
  claim: { max: 5 },
  putCalendar: { timeZone: 'Europe/Berlin', week: { monday: [{ from: '09:00', to: '17:00' }] } },
  createWebhook: { url: 'https://hooks.acme.example/parley', events: ['request.resolved', 'request.reopened'] },
  updateWebhook: { url: 'https://hooks.acme.example/parley', events: ['request.resolved', 'request.reopened'] },
  computeStaffing: {
    answer: 'at_once',
    companies: [
      { name: 'Acme Bank', requestsPerHour: 30 },
      { name: 'Other Bank', requestsPerHour: 45 },
    ],
    handleSeconds: 300,
    levelBps: 8_000,
    withinSeconds: 20,
    patienceSeconds: 180,
    shrinkageBps: 3_000,
  },
  heartbeat: { progress: true },
  resolve: { code: 'solved', summary: 'The second payment was a display error and is gone.' },
  disputeCharge: { reason: { code: 'came_back', text: 'The customer wrote again.' }, share: { bps: 5_000 } },
  answerDispute: { answer: 'contest', statement: 'The booking was corrected on the same day.' },
  decideDispute: { outcome: 'accept', share: { bps: 2_500 }, reason: 'Half of the work was done.' },
  approveOrganisation: { creditLimitMicros: 10_000_000_000 },
};
