'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { HiddenMemberError, answerData, finalResult, networkValue } = require('../server/native/result');

const ANNOTATION = {
  'v.amount': { type: 'number' },
  'v.name': { type: 'string' },
  'v.day.month': { type: 'time' },
  'v.day.year': { type: 'time' },
  'v.day': { type: 'time' },
};
const NAMES = {
  v__amount: 'v.amount', v__name: 'v.name', v__day_month: 'v.day.month', v__day_year: 'v.day.year',
};

function request(changes = {}) {
  return {
    aliasToMemberNameMap: NAMES,
    annotation: ANNOTATION,
    query: { measures: ['v.amount'], dimensions: ['v.name'], timeDimensions: [] },
    queryType: 'regularQuery',
    resType: 'default',
    ...changes,
  };
}

function raw(members, columns) {
  return Buffer.from(JSON.stringify({ members, columns }));
}

test('rows carry member names', () => {
  const data = answerData(request(), raw(['v__name', 'v__amount'], [['a', 'b'], ['1', null]]));
  assert.deepEqual(data, [
    { 'v.name': 'a', 'v.amount': '1' }, { 'v.name': 'b', 'v.amount': null },
  ]);
});

test('compact and columnar carry the same values', () => {
  const buffer = raw(['v__name', 'v__amount'], [['a', 'b'], ['1', '2']]);
  const members = ['v.name', 'v.amount'];
  assert.deepEqual(
    answerData(request({ resType: 'compact' }), buffer),
    { members, dataset: [['a', '1'], ['b', '2']] },
  );
  assert.deepEqual(
    answerData(request({ resType: 'columnar' }), buffer),
    { members, columns: [['a', 'b'], ['1', '2']] },
  );
});

test('a hidden member is refused, with rows and without', () => {
  const hidden = { aliasToMemberNameMap: { ...NAMES, c__phone: 'c.phone' } };
  assert.throws(
    () => answerData(request(hidden), raw(['c__phone'], [['138']])), HiddenMemberError,
  );
  const query = { dimensions: ['c.phone'] };
  assert.throws(() => answerData(request({ query }), raw([], [])), HiddenMemberError);
  assert.throws(
    () => answerData(request({ query: { dimensions: ['toString'] } }), raw([], [])),
    HiddenMemberError,
  );
});

test('a column nobody asked for is an error, not an answer', () => {
  assert.throws(() => answerData(request(), raw(['surprise'], [['x']])), /no member asked for/);
});

test('times lose their zone and keep milliseconds', () => {
  for (const [given, shown] of [
    ['2025-01-31T00:00:00.000Z', '2025-01-31T00:00:00.000'],
    ['2025-01-31 10:11:12', '2025-01-31T10:11:12.000'],
    ['2025-01-31 10:11:12.5', '2025-01-31T10:11:12.500'],
    ['2025-01-31T10:11:12.123456Z', '2025-01-31T10:11:12.123'],
    ['2025-01-31T10:11:12+08:00', '2025-01-31T10:11:12.000'],
    ['2025-01-31 10:11:12.000 UTC', '2025-01-31T10:11:12.000'],
    ['not a time', 'not a time'],
    [null, null],
  ]) {
    assert.equal(networkValue(given, 'time'), shown);
  }
  assert.equal(networkValue('2025-01-31T00:00:00.000Z', 'string'), '2025-01-31T00:00:00.000Z');
  assert.equal(networkValue(true, 'boolean'), true);
});

test('a time dimension is also shown bare, from its finest granularity', () => {
  const query = {
    timeDimensions: [
      { dimension: 'v.day', granularity: 'year' }, { dimension: 'v.day', granularity: 'month' },
    ],
  };
  const [row] = answerData(
    request({ query }),
    raw(['v__day_year', 'v__day_month'], [['2025-01-01T00:00:00Z'], ['2025-03-01T00:00:00Z']]),
  );
  assert.equal(row['v.day'], '2025-03-01T00:00:00.000');
});

test('comparing date ranges names the range in each row', () => {
  const query = {
    measures: ['v.amount'],
    timeDimensions: [{ dimension: 'v.day', dateRange: ['2025-01-01', '2025-01-31'] }],
  };
  const data = answerData(
    request({ query, queryType: 'compareDateRangeQuery' }), raw(['v__amount'], [['1']]),
  );
  assert.deepEqual(data, [{ 'v.amount': '1', compareDateRange: '2025-01-01 - 2025-01-31' }]);
});

test('blending adds a common time column', () => {
  const query = { timeDimensions: [{ dimension: 'v.day', granularity: 'month' }] };
  const [row] = answerData(
    request({ query, queryType: 'blendingQuery' }),
    raw(['v__day_month'], [['2025-03-01T00:00:00Z']]),
  );
  assert.equal(row['time.month'], '2025-03-01T00:00:00.000');
});

test('the whole answer is JSON without empty fields', async () => {
  const root = { annotation: {}, total: null, slowQuery: false, external: undefined };
  const bytes = await finalResult(request(), raw(['v__amount'], [['1']]), root);
  assert.deepEqual(JSON.parse(bytes.toString()), {
    annotation: {}, slowQuery: false, data: [{ 'v.amount': '1' }],
  });
});

test('an empty answer of a range without granularity is fine', () => {
  const query = { measures: ['v.amount'], timeDimensions: [{ dimension: 'v.other', dateRange: [] }] };
  assert.deepEqual(answerData(request({ query }), raw([], [])), []);
});
