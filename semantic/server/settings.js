'use strict';

// Every knob of the server, read once from the environment. A wrong or missing value stops the
// start with a sentence that says what to set.

const path = require('node:path');

class SettingsError extends Error {}

function text(environment, name, fallback) {
  const value = environment[name];
  return value === undefined || value === '' ? fallback : value;
}

function required(environment, name, hint) {
  const value = text(environment, name, undefined);
  if (value === undefined) {
    throw new SettingsError(`${name} is not set: ${hint}`);
  }
  return value;
}

function integer(environment, name, fallback, minimum) {
  const value = text(environment, name, String(fallback));
  const number = Number(value);
  if (!Number.isInteger(number) || number < minimum) {
    throw new SettingsError(`${name} must be a whole number of at least ${minimum}, got "${value}".`);
  }
  return number;
}

function secret(environment, jwksUrl) {
  const value = text(environment, 'AFTERSALES_API_SECRET', undefined);
  if (value === undefined && jwksUrl === undefined) {
    throw new SettingsError(
      'AFTERSALES_API_SECRET is not set: give the key that signs tokens (32 characters or more), ' +
      'or AFTERSALES_JWKS_URL of an identity provider.',
    );
  }
  if (value !== undefined && Buffer.byteLength(value) < 32) {
    throw new SettingsError(
      'AFTERSALES_API_SECRET is shorter than 32 bytes: HS256 needs a key of at least 32 bytes.',
    );
  }
  return value;
}

function readSettings(environment = process.env) {
  const jwksUrl = text(environment, 'AFTERSALES_JWKS_URL', undefined);
  return {
    home: path.resolve(
      required(environment, 'AFTERSALES_HOME', 'give the folder that holds published.json.'),
    ),
    host: text(environment, 'AFTERSALES_HOST', '127.0.0.1'),
    port: integer(environment, 'PORT', 4000, 0),
    sqlPort: integer(environment, 'AFTERSALES_SQL_PORT', 0, 0),
    secret: secret(environment, jwksUrl),
    jwks: {
      url: jwksUrl,
      issuer: text(environment, 'AFTERSALES_JWT_ISSUER', undefined),
      audience: text(environment, 'AFTERSALES_JWT_AUDIENCE', undefined),
      namespace: text(environment, 'AFTERSALES_JWT_NAMESPACE', undefined),
    },
    corsOrigin: text(environment, 'AFTERSALES_CORS_ORIGIN', undefined),
    logLevel: text(environment, 'AFTERSALES_LOG_LEVEL', 'warn'),
    connections: integer(environment, 'AFTERSALES_CONNECTIONS', 4, 1),
    queryThreads: integer(environment, 'AFTERSALES_QUERY_THREADS', 0, 0),
    queryMemory: text(environment, 'AFTERSALES_QUERY_MEMORY', '4GB'),
    querySeconds: integer(environment, 'AFTERSALES_QUERY_SECONDS', 120, 1),
    rowLimit: integer(environment, 'AFTERSALES_ROW_LIMIT', 50000, 1),
    cacheBytes: integer(environment, 'AFTERSALES_CACHE_BYTES', 256 * 1024 * 1024, 1024),
    modelPath: text(environment, 'AFTERSALES_MODEL_PATH', path.join(__dirname, '..', 'model')),
  };
}

module.exports = { SettingsError, readSettings };
