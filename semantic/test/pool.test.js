'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { ConnectionPool, PoolClosedError } = require('../server/warehouse/pool');

function connections(count) {
  return Array.from({ length: count }, (_unused, number) => ({
    number,
    isClosed: false,
    closeSync() {
      this.isClosed = true;
    },
  }));
}

function gate() {
  return Promise.withResolvers();
}

test('a light query does not wait behind a heavy one', async () => {
  const pool = new ConnectionPool(connections(2), () => {});
  const heavy = gate();
  const running = pool.use(() => heavy.promise);
  assert.equal(await pool.use(async () => 'light'), 'light');
  heavy.resolve('heavy');
  assert.equal(await running, 'heavy');
});

test('no connection is used twice at once, and each comes back after an error', async () => {
  const pool = new ConnectionPool(connections(2), () => {});
  const inUse = new Set();
  const work = async (connection) => {
    assert.ok(!inUse.has(connection.number));
    inUse.add(connection.number);
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
    inUse.delete(connection.number);
    if (connection.number === 0) {
      throw new Error('bad query');
    }
  };
  await Promise.allSettled(Array.from({ length: 40 }, () => pool.use(work)));
  assert.equal(await pool.use(async () => 'still works'), 'still works');
});

test('closing waits for running queries and refuses new ones', async () => {
  const all = connections(2);
  let isInstanceClosed = false;
  const pool = new ConnectionPool(all, () => {
    isInstanceClosed = true;
  });
  const slow = gate();
  const running = pool.use(() => slow.promise);
  const closing = pool.close();
  assert.equal(isInstanceClosed, false);
  await assert.rejects(pool.use(async () => 1), PoolClosedError);
  slow.resolve('done');
  assert.equal(await running, 'done');
  await closing;
  assert.equal(isInstanceClosed, true);
  assert.ok(all.every(({ isClosed }) => isClosed));
  await pool.close();
});
