'use strict';

// Cube reads part of its configuration from the environment while its packages load, so these
// values are set before the first of them is required. They hold with and without the native
// add-on, so that both give the same answers.

function prepareEnvironment(settings, environment = process.env) {
  Object.assign(environment, {
    NODE_ENV: 'production',
    CUBEJS_DEV_MODE: 'false',
    CUBEJS_TELEMETRY: 'false',
    CUBEJS_DB_TYPE: 'duckdb',
    CUBEJS_CACHE_AND_QUEUE_DRIVER: 'memory',
    CUBEJS_TESSERACT_SQL_PLANNER: 'false',
    CUBEJS_TRANSPILATION_NATIVE: 'false',
    CUBEJS_REFRESH_WORKER: 'false',
    CUBEJS_EXTERNAL_DEFAULT: 'false',
    CUBEJS_SCHEDULED_REFRESH_DEFAULT: 'false',
    CUBEJS_DB_QUERY_LIMIT: String(settings.rowLimit),
    CUBEJS_DB_QUERY_DEFAULT_LIMIT: String(Math.min(10000, settings.rowLimit)),
    CUBEJS_DB_QUERY_TIMEOUT: `${settings.querySeconds}s`,
    CUBEJS_MAX_REQUEST_SIZE: '1mb',
  });
  // Cube would accept these beside the settings above; they must not widen what is allowed.
  for (const name of ['CUBEJS_API_SECRET', 'CUBEJS_API_SECRETS', 'CUBEJS_PLAYGROUND_AUTH_SECRET']) {
    delete environment[name];
  }
}

module.exports = { prepareEnvironment };
