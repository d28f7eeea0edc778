'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { DuckDBInstance } = require('@duckdb/node-api');
require('../server/native').useNativeOrFallback();
const { VersionDriver } = require('../server/warehouse/driver');

const SETTINGS = { connections: 2, queryMemory: '200MB', queryThreads: 1 };
const SLOW = 'SELECT count(*) AS n FROM range(100000) a, range(100000) b WHERE hash(a.range, b.range) = 1';
let folder;
let file;
let driver;

before(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'driver-test-'));
  file = path.join(folder, 'warehouse.duckdb');
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(`
    CREATE SCHEMA marts; CREATE SCHEMA landing;
    CREATE TABLE marts.fct_x AS SELECT 1 AS id, DATE '2025-01-31' AS on_day, 1.50::DECIMAL(9, 2) AS amount;
    CREATE TABLE marts."odd ""name" AS SELECT 2 AS id;
    CREATE TABLE landing.run_context AS SELECT DATE '2025-01-31' AS as_of_on;
  `);
  connection.closeSync();
  instance.closeSync();
  driver = new VersionDriver({ versionId: "v'1", file, publishedAt: '2025-02-01T00:00:00' }, SETTINGS);
});

after(async () => {
  await driver.release();
  await fs.rm(folder, { recursive: true });
});

test('public tables and the version can be read', async () => {
  assert.deepEqual(
    await driver.query('SELECT * FROM marts.fct_x'),
    [{ id: '1', on_day: '2025-01-31T00:00:00.000Z', amount: '1.5' }],
  );
  assert.equal((await driver.query('SELECT * FROM marts."odd ""name"')).length, 1);
  const [version] = await driver.query('SELECT * FROM serving.published_version');
  assert.equal(version.version_id, "v'1");
  assert.equal(version.as_of_on, '2025-01-31T00:00:00.000Z');
});

for (const statement of [
  "SELECT * FROM read_csv('/etc/passwd')",
  "SELECT * FROM read_text('/etc/passwd')",
  "ATTACH '/tmp/other.duckdb' AS other",
  "COPY (SELECT 1) TO '/tmp/out.csv'",
  'SET enable_external_access = true',
  'SET lock_configuration = false',
  "SET memory_limit = '64GB'",
  'INSTALL httpfs',
  'INSERT INTO warehouse.marts.fct_x VALUES (2, NULL, NULL)',
  'DROP TABLE warehouse.marts.fct_x',
  'DETACH warehouse; SELECT * FROM warehouse.marts.fct_x',
]) {
  test(`locked: ${statement}`, async () => {
    await assert.rejects(driver.query(statement));
  });
}

test('a cancelled query stops, and its connection works again', async () => {
  const slow = driver.query(SLOW);
  setTimeout(() => slow.cancel(), 50);
  await assert.rejects(slow, /nterrupt/);
  assert.equal((await driver.query('SELECT 1 AS one'))[0].one, '1');
});

test('light queries run beside a heavy one, and wait only when all are busy', async () => {
  const slow = [driver.query(SLOW), driver.query(SLOW)];
  const stopped = Promise.allSettled(slow);
  let isAnswered = false;
  const light = driver.query('SELECT 1 AS one').then(() => {
    isAnswered = true;
  });
  await new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
  assert.equal(isAnswered, false);
  slow[0].cancel();
  await light;
  slow[1].cancel();
  await stopped;
});

test('a released version answers nothing more', async () => {
  const own = new VersionDriver({ versionId: 'v1', file, publishedAt: null }, SETTINGS);
  await own.testConnection();
  await own.release();
  await assert.rejects(own.query('SELECT 1'), /closed/);
  await own.release();
});

test('a file without public tables is refused', async () => {
  const empty = path.join(folder, 'empty.duckdb');
  const instance = await DuckDBInstance.create(empty);
  instance.closeSync();
  const own = new VersionDriver({ versionId: 'v1', file: empty, publishedAt: null }, SETTINGS);
  await assert.rejects(own.testConnection(), /holds no table/);
});
