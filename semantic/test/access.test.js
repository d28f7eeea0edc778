'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');
const { ClaimsError, securityContextOf } = require('../server/access/claims');
const { loadContract } = require('../server/access/contract');
const { createGuard } = require('../server/access/guard');
const { apiScopes } = require('../server/access/scopes');

const contract = loadContract(path.join(__dirname, '..', 'model'));
const guard = createGuard(contract, { rowLimit: 100 });
const NOW = 1_000_000;
const CLAIMS = { role: 'hq', iat: NOW, exp: NOW + 60 };
const HQ = { securityContext: { role: 'hq' } };
const REVENUE = 'store_performance.revenue';

test('a token becomes its role, regions, stores and subject, and nothing else', () => {
  const context = securityContextOf({
    ...CLAIMS, sub: 'li', stores: ['S1', 'S1'], u: { role: 'steward' }, admin: true,
  }, NOW);
  assert.deepEqual(context, { role: 'hq', regions: [], stores: ['S1'], subject: 'li' });
});

for (const [name, changes] of Object.entries({
  'without exp': { exp: undefined },
  'exp as text': { exp: '2099' },
  'without iat': { iat: undefined },
  'from the future': { iat: NOW + 3600 },
  'without role': { role: undefined },
  'role of an object': { role: 'constructor' },
  'region manager of nothing': { role: 'region_manager', regions: [] },
  'store manager of nothing': { role: 'store_manager' },
  'stores as text': { role: 'store_manager', stores: 'S1' },
  'store without name': { role: 'store_manager', stores: [''] },
  'store as an object': { role: 'store_manager', stores: [{}] },
  'too many stores': { role: 'store_manager', stores: Array.from({ length: 1001 }, String) },
})) {
  test(`claims refused: ${name}`, () => {
    assert.throws(() => securityContextOf({ ...CLAIMS, ...changes }, NOW), ClaimsError);
  });
}

test('the contract grants what the views say and nothing else', () => {
  assert.equal(contract.allows('hq', REVENUE), true);
  assert.equal(contract.allows('hq', 'customer_contacts.phone'), false);
  assert.equal(contract.allows('steward', 'customer_contacts.phone'), true);
  assert.equal(contract.allows('steward', 'customers.phone'), false);
  assert.equal(contract.allows('steward', 'store_performance._revenue_amount'), false);
  assert.equal(contract.allows(undefined, REVENUE), false);
  assert.equal(contract.allows('toString', REVENUE), false);
  assert.equal(contract.allows('hq', 'constructor.name'), false);
});

test('the guard lets a proper query pass', () => {
  guard({
    measures: [REVENUE],
    dimensions: ['store_performance.store_key'],
    timeDimensions: [{ dimension: 'store_performance.business_on', granularity: 'month' }],
    filters: [{ or: [{ member: 'store_performance.region_name', operator: 'set' }] }],
    order: [{ id: REVENUE, desc: true }],
    limit: 100,
  }, HQ);
});

const PHONE = 'customers.phone';
for (const [name, query] of Object.entries({
  measure: { measures: [PHONE] },
  dimension: { dimensions: [PHONE] },
  segment: { segments: [PHONE] },
  'time dimension': { timeDimensions: [{ dimension: PHONE }] },
  filter: { filters: [{ member: PHONE }] },
  'filter by dimension': { filters: [{ dimension: PHONE }] },
  'nested filter': { filters: [{ and: [{ or: [{ and: [{ member: PHONE }] }] }] }] },
  'filter beside a good one': { filters: [{ member: REVENUE, or: [{ member: PHONE }] }] },
  'order by key': { order: { [PHONE]: 'asc' } },
  'order by pair': { order: [[PHONE, 'asc']] },
  'order by id': { order: [{ id: PHONE, desc: true }] },
  granularity: { dimensions: [`${PHONE}.month`] },
  'expression of a cube': { measures: ['{"cubeName":"customers"}'] },
})) {
  test(`the guard refuses a hidden member as ${name}`, () => {
    assert.throws(() => guard({ measures: [REVENUE], ...query }, HQ), { status: 403 });
  });
}

test('the guard refuses too much, too deep, ungrouped and shapeless', () => {
  let filter = { member: REVENUE };
  for (let depth = 0; depth < 20; depth += 1) {
    filter = { and: [filter] };
  }
  for (const query of [
    { measures: [REVENUE], limit: 101 },
    { measures: [REVENUE], ungrouped: true },
    { measures: [REVENUE], filters: [filter] },
    { measures: ['{not json'] },
    null,
    'text',
  ]) {
    assert.throws(() => guard(query, HQ), { status: 400 });
  }
});

test('levels need one month, monthly facts know no days', () => {
  const stock = { measures: ['parts_inventory.stock_at_month_end'] };
  const by = (time) => ({
    ...stock, timeDimensions: [{ dimension: 'parts_inventory.business_on', ...time }],
  });
  guard(by({ granularity: 'month' }), HQ);
  guard(by({ dateRange: ['2025-01-01', '2025-01-31'] }), HQ);
  for (const query of [
    stock,
    by({ granularity: 'year' }),
    by({ granularity: 'day' }),
    by({ dateRange: ['2025-01-01', '2025-02-28'] }),
    by({ dateRange: 'last year' }),
  ]) {
    assert.throws(() => guard(query, HQ), { status: 400 });
  }
});

test('generated SQL is for engineers, and strangers get nothing', () => {
  assert.ok(apiScopes({ role: 'engineer' }).includes('sql'));
  assert.ok(!apiScopes({ role: 'hq' }).includes('sql'));
  assert.deepEqual(apiScopes({ role: 'toString' }), []);
  assert.deepEqual(apiScopes(undefined), []);
});
