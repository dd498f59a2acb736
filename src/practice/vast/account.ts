// The account: who it is, and what credit is left.
import type { HttpAnswer, Route } from '../httpServer.ts';
import { json, noSuchInstance } from './answers.ts';
import { contractOf, type VastMarket } from './market.ts';

function currentUser(market: VastMarket): HttpAnswer {
  const { world, userId, settings } = market;
  const now = world.agenda.settle();
  const credit = world.ledger.creditMicros('vast', now) / 1e6;
  const paid = world.ledger.deposits('vast').reduce((sum, deposit) => sum + deposit.micros, 0) / 1e6;
  return json({
    id: userId,
    email: 'practice@example.com',
    email_verified: true,
    username: 'practice',
    fullname: 'Practice Market',
    credit: Math.max(0, credit),
    // What is owed, when the credit ran out before the disks stopped charging.
    balance: Math.min(0, credit),
    balance_threshold: 0,
    balance_threshold_enabled: false,
    autobill_threshold: null,
    autobill_amount: null,
    can_pay: true,
    has_billing: true,
    has_payout: false,
    billing_creditonly: 0,
    got_signup_credit: 0,
    billed_expected: paid - credit,
    billed_verified: paid - credit,
    paid_expected: paid,
    paid_verified: paid,
    total_spend: credit - paid,
    has_rented: world.rentals.all().some((rental) => rental.provider === 'vast'),
    password_resettable: true,
    last4: '4242',
    ssh_key: market.accountKeys.map((key) => key.line).join('\n'),
    key_id: 1,
    sid: String(userId),
    rights: {},
    billaddress_line1: '',
    billaddress_line2: '',
    billaddress_city: '',
    billaddress_zip: '',
    billaddress_country: '',
    created_at: world.clock.startedAt / 1000,
    api_key: settings.apiKey,
  });
}

export function accountRoutes(market: VastMarket): Route[] {
  return [
    { method: 'GET', path: '/api/v0/users/current/', handle: () => currentUser(market) },
    {
      method: 'GET',
      path: '/api/v0/instances/balance/{id}/',
      handle: (call) =>
        contractOf(market, call.params['id']) === undefined
          ? noSuchInstance(call.params['id'] ?? '')
          : json({ refundable_deposit: 0, total_discount: 0, discount_months: 0 }),
    },
  ];
}
