'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { NothingPublishedError, VersionRegistry } = require('../server/warehouse/registry');

function world() {
  const state = { pointer: null, opened: [], closed: [], retired: [], broken: new Set(), logged: [] };
  const registry = new VersionRegistry({
    home: '/nowhere',
    log: (message, fields) => state.logged.push([message, fields]),
    openDriver: async ({ versionId }) => {
      await Promise.resolve();
      if (state.broken.has(versionId)) {
        throw new Error('damaged');
      }
      state.opened.push(versionId);
      return {
        release: async () => {
          state.closed.push(versionId);
        },
      };
    },
    onRetire: (key) => state.retired.push(key),
    readPublished: async () => {
      if (state.pointer === null) {
        throw new Error('published.json cannot be read');
      }
      return { key: state.pointer, versionId: state.pointer, file: '', publishedAt: null };
    },
  });
  return { registry, state };
}

test('without a version it says so', async () => {
  const { registry } = world();
  await assert.rejects(registry.current(), NothingPublishedError);
});

test('a version is opened once, however many ask at once', async () => {
  const { registry, state } = world();
  state.pointer = 'v1';
  await Promise.all(Array.from({ length: 20 }, () => registry.current()));
  assert.deepEqual(state.opened, ['v1']);
});

test('a pinned version stays open until it is let go, and is then closed', async () => {
  const { registry, state } = world();
  state.pointer = 'v1';
  const pinned = await registry.pin();
  const again = await registry.pin();
  state.pointer = 'v2';
  assert.equal((await registry.pin()).versionId, 'v2');
  assert.deepEqual(state.closed, []);
  assert.ok(registry.driverOf(pinned.key));
  pinned.release();
  pinned.release();
  assert.deepEqual(state.closed, []);
  again.release();
  assert.deepEqual(state.retired, ['v1']);
  assert.deepEqual(state.closed, ['v1']);
  assert.throws(() => registry.driverOf('v1'), /no longer open/);
});

test('a version that cannot be opened is tried again later, and the old one serves on', async () => {
  const { registry, state } = world();
  state.pointer = 'v1';
  await registry.current();
  state.pointer = 'v2';
  state.broken.add('v2');
  for (let turn = 0; turn < 5; turn += 1) {
    assert.equal((await registry.current()).versionId, 'v1');
  }
  const complaints = state.logged.filter(([message]) => message === 'Version not available');
  assert.equal(complaints.length, 1);
  assert.match(complaints[0][1].error, /v2 cannot be opened: damaged/);
  state.broken.clear();
  state.pointer = 'v3';
  assert.equal((await registry.current()).versionId, 'v3');
});

test('a pointer that cannot be read changes nothing', async () => {
  const { registry, state } = world();
  state.pointer = 'v1';
  await registry.current();
  state.pointer = null;
  assert.equal((await registry.current()).versionId, 'v1');
});
