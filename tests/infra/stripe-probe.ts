/** Loads Stripe's SDK as a function does. */
export async function load(): Promise<string> {
  const { stripeClient } = await import('#stripe');
  return typeof stripeClient({ secretKey: 'sk_test_probe' }).invoices.create;
}
