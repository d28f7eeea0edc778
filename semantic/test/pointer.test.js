'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { PointerError, parsePointer } = require('../server/warehouse/pointer');

test('a pointer names a version and a file of the home', () => {
  const text = '{"version_id": "v1", "database": "versions/v1/warehouse.duckdb", "published_at": "t"}';
  const pointer = parsePointer(text, '/home');
  assert.equal(pointer.versionId, 'v1');
  assert.equal(pointer.file, '/home/versions/v1/warehouse.duckdb');
});

test('the same version published again is another publication', () => {
  const at = (time) => parsePointer(
    `{"version_id": "v1", "database": "a.duckdb", "published_at": "${time}"}`, '/home',
  ).key;
  assert.notEqual(at('1'), at('2'));
  assert.equal(at('1'), at('1'));
});

for (const text of [
  '', '{', 'null', '[]', '{"version_id": "v1"}', '{"version_id": 1, "database": "a"}',
  '{"version_id": "", "database": "a"}', '{"version_id": "v1", "database": "../outside.duckdb"}',
  '{"version_id": "v1", "database": "/etc/passwd"}',
]) {
  test(`refused: ${text || 'nothing'}`, () => {
    assert.throws(() => parsePointer(text, '/home'), PointerError);
  });
}
