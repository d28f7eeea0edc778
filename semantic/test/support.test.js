'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { boundCache } = require('../server/cache');
const { createLogger } = require('../server/logger');
const { fallbackFunctions, NativeOnlyError } = require('../server/native/fallback');
const { useNativeOrFallback } = require('../server/native');
const { SettingsError, readSettings } = require('../server/settings');

const GOOD = { AFTERSALES_HOME: '/home', AFTERSALES_API_SECRET: 'x'.repeat(32) };

test('the cache forgets the oldest results beyond its bytes', async () => {
  class Driver {}
  const cache = boundCache(10_000, Driver);
  const driver = new Driver();
  for (let number = 0; number < 1000; number += 1) {
    await driver.set(`v1#${number}`, { rows: 'x'.repeat(100) }, 60);
  }
  assert.ok(cache.bytes <= 10_000);
  assert.equal(await driver.get('v1#0'), undefined);
  assert.deepEqual(await driver.get('v1#999'), { rows: 'x'.repeat(100) });
  await driver.set('v1#huge', { rows: 'x'.repeat(20_000) }, 60);
  assert.ok(cache.bytes <= 10_000);
  await driver.set('v2#1', { rows: 1 }, 60);
  cache.forget('v1');
  assert.equal(await driver.get('v1#999'), undefined);
  assert.deepEqual(await driver.get('v2#1'), { rows: 1 });
  await driver.remove('v2#1');
  assert.deepEqual(await driver.keysStartingWith('v2'), []);
});

test('the log holds no token, context or header', () => {
  const lines = [];
  const log = createLogger('trace', (line) => lines.push(line));
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiaHEifQ.c2lnbmF0dXJl';
  log('Auth Error', {
    token,
    error: `jwt malformed: ${token}`,
    securityContext: { stores: ['S1'] },
    headers: { authorization: token },
    query: { filters: [{ values: ['13800000001'] }] },
    path: `/v1/load?token=${token}`,
  });
  const written = lines.join('');
  assert.ok(!written.includes('eyJ'));
  assert.ok(!written.includes('S1'));
  assert.ok(!written.includes('13800000001'));
  assert.match(written, /jwt malformed: \[token\]/);
});

test('the log keeps to its level', () => {
  const lines = [];
  const log = createLogger('warn', (line) => lines.push(JSON.parse(line).message));
  log('Query started', {});
  log('Slow Query Warning', { warning: 'slow' });
  log('Error querying db', { error: 'bad' });
  assert.deepEqual(lines, ['Slow Query Warning', 'Error querying db']);
});

test('settings have safe defaults', () => {
  const settings = readSettings(GOOD);
  assert.equal(settings.host, '127.0.0.1');
  assert.equal(settings.connections, 4);
  assert.equal(settings.corsOrigin, undefined);
});

for (const [name, changes] of Object.entries({
  'no home': { AFTERSALES_HOME: undefined },
  'no secret': { AFTERSALES_API_SECRET: undefined },
  'short secret': { AFTERSALES_API_SECRET: 'short' },
  'port in words': { PORT: 'four thousand' },
  'negative limit': { AFTERSALES_ROW_LIMIT: '-1' },
})) {
  test(`settings refused: ${name}`, () => {
    assert.throws(() => readSettings({ ...GOOD, ...changes }), SettingsError);
  });
}

test('an add-on that loads is left alone', () => {
  const native = { loadNative: () => ({}), isFallbackBuild: () => false };
  assert.deepEqual(useNativeOrFallback(native), { isNative: true, reason: null });
  assert.equal(native.isFallbackBuild(), false);
});

test('without the add-on its functions are replaced, or say what is missing', async () => {
  class NativeInstance {}
  const native = {
    NativeInstance,
    loadNative: () => {
      throw new Error('not here');
    },
  };
  assert.deepEqual(useNativeOrFallback(native), { isNative: false, reason: 'not here' });
  assert.equal(native.isFallbackBuild(), true);
  assert.ok(new NativeInstance().newJinjaEngine());
  await assert.rejects(native.execSql(), NativeOnlyError);
  assert.throws(() => native.buildSqlAndParams(), NativeOnlyError);
});

test('every function the add-on exports is covered by the fallback', () => {
  const native = require('@cubejs-backend/native');
  const own = ['loadNative', 'NativeInstance', 'rowsToColumnar', 'rowsToColumnarBuffer'];
  const wanted = Object.keys(native)
    .filter((name) => typeof native[name] === 'function' && !/Wrapper$/.test(name));
  assert.deepEqual(
    wanted.filter((name) => !own.includes(name)).sort(), Object.keys(fallbackFunctions).sort(),
  );
});
