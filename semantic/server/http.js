'use strict';

// The HTTP side: health, an allow-list of Cube's paths, errors without stack traces. Cube has
// further paths (jobs, cancelling others' queries, system calls); they are not offered.

const http = require('node:http');
const express = require('express');
const { NothingPublishedError } = require('./warehouse/registry');
const { VERSION_HEADER } = require('./pinning');

const BASE_PATH = '/cubejs-api';
const OFFERED = ['load', 'subscribe', 'sql', 'dry-run', 'meta'].map((name) => `${BASE_PATH}/v1/${name}`);
const NATIVE_ONLY = ['cubesql', 'convert-query'].map((name) => `${BASE_PATH}/v1/${name}`);

function allowOnly(paths) {
  return (request, response, next) => {
    if (paths.includes(request.path.replace(/\/$/, ''))) {
      next();
    } else {
      response.status(404).json({ error: `Nothing is offered at ${request.path}.` });
    }
  };
}

function readiness(registry) {
  return async (_request, response) => {
    try {
      const { key, versionId, release } = await registry.pin();
      try {
        await registry.driverOf(key).testConnection();
      } finally {
        release();
      }
      response.json({ health: 'HEALTH', version: versionId });
    } catch (error) {
      const isWaiting = error instanceof NothingPublishedError;
      response.status(503).json({ health: 'DOWN', error: isWaiting ? error.message : 'not ready' });
    }
  };
}

function allowOrigin(origin) {
  return (request, response, next) => {
    response.set({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Headers': 'authorization,content-type,x-request-id',
      'Access-Control-Allow-Methods': 'GET,POST,OPTIONS',
      'Access-Control-Expose-Headers': VERSION_HEADER,
    });
    if (request.method === 'OPTIONS') {
      response.status(204).end();
    } else {
      next();
    }
  };
}

function unexpected(log) {
  // Express tells an error handler by its four arguments.
  return (error, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = error.status ?? error.statusCode ?? 500;
    log('Request failed', { error: error.message, path: request.path, status });
    response.status(status).json({
      error: status < 500 ? error.message : 'The request failed; the log tells why.',
    });
  };
}

async function createApp({ core, registry, settings, log, isNative }) {
  const app = express();
  app.disable('x-powered-by');
  app.get('/livez', (_request, response) => response.json({ health: 'HEALTH' }));
  app.get('/readyz', readiness(registry));
  if (settings.corsOrigin) {
    app.use(allowOrigin(settings.corsOrigin));
  }
  app.use(allowOnly([...OFFERED, `${BASE_PATH}/graphql`, ...(isNative ? NATIVE_ONLY : [])]));
  app.use(express.json({ limit: process.env.CUBEJS_MAX_REQUEST_SIZE }));
  // Before Cube's own error handler, which would answer a malformed body with 500.
  app.use(unexpected(log));
  await core.initApp(app);
  app.use(unexpected(log));
  return app;
}

function listen(app, { host, port }) {
  const server = http.createServer(app);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

module.exports = { createApp, listen };
