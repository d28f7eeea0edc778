'use strict';

// Cube's base driver requires five cloud storage SDKs (126 MB) for exporting from cloud
// warehouses. The warehouse here is a local file, so they are replaced by this module: loading
// it is free, using it says clearly what is missing.

module.exports = new Proxy({}, {
  get(_target, name) {
    if (name === '__esModule' || typeof name === 'symbol') {
      return undefined;
    }
    return function notInstalled() {
      throw new Error(
        `Cloud storage is not installed: ${String(name)} was called. ` +
        'Remove the entry from "overrides" in semantic/package.json and install again.',
      );
    };
  },
});
