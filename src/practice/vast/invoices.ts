// What was paid in, in the newer report and in the older one.
import type { HttpAnswer, HttpCall, Route } from '../httpServer.ts';
import { invalidRequest, isRecord, json } from './answers.ts';
import type { VastMarket } from './market.ts';
import { describeContract, reportPage, selectFilters } from './reports.ts';

const firstInvoice = 5000;

/** Deposits; an amount below zero was paid in. */
function invoices(market: VastMarket, call: HttpCall): HttpAnswer {
  const when = selectFilters(call)?.['when'];
  // A mistake that is answered with 200.
  if (!isRecord(when) || when['gte'] === undefined || when['lte'] === undefined)
    return json({ success: false, error: 'invalid_request', msg: 'both bounds of when are required' });
  const [low, high] = [Number(when['gte']), Number(when['lte'])];
  const rows = market.world.ledger.deposits('vast').flatMap(({ at, micros }, index) => {
    const seconds = at / 1000;
    if (seconds < low || seconds > high) return [];
    return [
      {
        start: seconds,
        end: seconds,
        type: 'credit',
        source: 'stripe',
        description: 'Credit purchase',
        amount: -micros / 1e6,
        items: [],
        metadata: { invoice_id: firstInvoice + index, service: 'stripe_payments' },
      },
    ];
  });
  return reportPage(rows, call);
}

/** The older report, which the CLI still reads. */
function legacyInvoices(market: VastMarket, call: HttpCall): HttpAnswer {
  const now = market.world.agenda.settle();
  const { ledger } = market.world;
  // Clients send seconds with a fraction.
  const low = Math.floor(Number(call.query.get('sdate') ?? 0) * 1000);
  const high = Math.ceil(Number(call.query.get('edate') ?? now / 1000) * 1000);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return invalidRequest('sdate and edate must be numbers');
  const paid = ledger
    .deposits('vast')
    .map(({ at, micros }, index) => ({
      type: 'payment',
      id: firstInvoice + index,
      timestamp: at / 1000,
      description: 'Credit purchase',
      amount: (micros / 1e6).toFixed(3),
      service: 'stripe_payments',
      is_credit: true,
    }));
  const charged = [...market.contracts.values()].map((contract) => {
    const bill = ledger.bill('vast', String(contract.id));
    const micros = bill === undefined ? 0 : ledger.amountMicros(bill, low, Math.min(high, now));
    return {
      type: 'charge',
      instance_id: contract.id,
      timestamp: contract.rental.createdAt / 1000,
      description: describeContract(contract),
      quantity: '1',
      rate: '0',
      amount: (micros / 1e6).toFixed(3),
    };
  });
  const rows = [...paid, ...(call.query.get('inc_charges')?.toLowerCase() === 'false' ? [] : charged)].filter(
    (row) => row.timestamp * 1000 >= low && row.timestamp * 1000 <= high,
  );
  const spent = charged.reduce((sum, row) => sum + Number(row.amount), 0);
  return json({
    invoices: rows,
    current: { charges: spent, service_fee: 0, total: spent, credit: ledger.creditMicros('vast', now) / 1e6 },
  });
}

export function invoiceRoutes(market: VastMarket): Route[] {
  return [
    { method: 'GET', path: '/api/v1/invoices/', handle: (call) => invoices(market, call) },
    { method: 'GET', path: '/api/v0/users/me/invoices/', handle: (call) => legacyInvoices(market, call) },
  ];
}
