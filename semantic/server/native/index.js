'use strict';

// Cube's native add-on is downloaded while installing and cannot be had everywhere. Where it
// loads it is used as it is; where it does not, the functions the REST, GraphQL and WebSocket
// APIs need are replaced by the JavaScript in this folder, before any other part of Cube loads.

const { fallbackFunctions, FallbackInstance } = require('./fallback');

function useNativeOrFallback(native = require('@cubejs-backend/native')) {
  try {
    native.loadNative();
    return { isNative: true, reason: null };
  } catch (error) {
    Object.assign(native, fallbackFunctions);
    native.NativeInstance.prototype.newJinjaEngine = FallbackInstance.newJinjaEngine;
    return { isNative: false, reason: error.message };
  }
}

module.exports = { useNativeOrFallback };
