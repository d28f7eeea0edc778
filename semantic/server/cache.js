'use strict';

// Cube's in-memory cache keeps every result for a day and never evicts. Its storage is replaced
// by one that forgets the least recently used results beyond a number of bytes.

const { LocalCacheDriver } = require('@cubejs-backend/query-orchestrator');
const { LRUCache } = require('lru-cache');

const BYTES_OF_A_LOCK = 64;

function sizeOf(value) {
  return Buffer.byteLength(JSON.stringify(value) ?? '') + BYTES_OF_A_LOCK;
}

function boundCache(maximumBytes, cacheDriver = LocalCacheDriver) {
  const results = new LRUCache({ maxSize: maximumBytes });
  const methods = {
    async get(key) {
      return results.get(key);
    },
    async set(key, value, expirationSeconds) {
      const bytes = sizeOf(value);
      results.set(key, value, { size: bytes, ttl: expirationSeconds * 1000 });
      return { key, bytes };
    },
    async remove(key) {
      results.delete(key);
    },
    async keysStartingWith(prefix) {
      return [...results.keys()].filter((key) => key.startsWith(prefix));
    },
    reset() {
      results.clear();
    },
  };
  Object.assign(cacheDriver.prototype, methods);
  return {
    get bytes() {
      return results.calculatedSize;
    },
    forget(prefix) {
      for (const key of results.keys()) {
        if (key.startsWith(`${prefix}#`)) {
          results.delete(key);
        }
      }
    },
  };
}

module.exports = { boundCache };
