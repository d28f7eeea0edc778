'use strict';

// Ties a request to one version of the warehouse, from its arrival to the end of its answer.

const { CubejsHandlerError } = require('@cubejs-backend/api-gateway');
const { NothingPublishedError } = require('./warehouse/registry');

const VERSION_HEADER = 'x-warehouse-version';

function createPinning(registry, { querySeconds }) {
  async function pin() {
    try {
      return await registry.pin();
    } catch (error) {
      throw error instanceof NothingPublishedError
        ? new CubejsHandlerError(503, 'Unavailable', error.message)
        : error;
    }
  }

  return async (request) => {
    const { key, versionId, release } = await pin();
    const response = request?.res;
    if (response && typeof response.setHeader === 'function') {
      response.setHeader(VERSION_HEADER, versionId);
      response.once('close', release);
    } else {
      // WebSocket and SQL requests have no response to wait for: hold for the longest query.
      setTimeout(release, querySeconds * 1000).unref();
    }
    return { versionKey: key };
  };
}

module.exports = { VERSION_HEADER, createPinning };
