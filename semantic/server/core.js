'use strict';

// Cube's server core, put together from the parts of this folder.

const path = require('node:path');
const { ApiGateway } = require('@cubejs-backend/api-gateway');
const { CubejsServerCore } = require('@cubejs-backend/server-core');
const { apiScopes } = require('./access/scopes');
const { NaiveTimeQuery } = require('./warehouse/dialect');

// The guard runs before Cube's own row policies: a refused member is an error, not an empty answer.
class GuardedGateway extends ApiGateway {
  async getNormalizedQueries(inputQuery, context, ...rest) {
    const parsed = this.parseQueryParam(inputQuery);
    for (const query of Array.isArray(parsed) ? parsed : [parsed]) {
      this.options.guard(query, context);
    }
    return super.getNormalizedQueries(inputQuery, context, ...rest);
  }
}

class AftersalesCore extends CubejsServerCore {
  constructor(options, parts) {
    super(options);
    this.guard = parts.guard;
    // Cube would open a driver to find out.
    this.contextToDbType = async () => 'duckdb';
  }

  createApiGatewayInstance(secret, compilerApi, orchestratorApi, logger, options) {
    return new GuardedGateway(secret, compilerApi, orchestratorApi, logger, {
      ...options, guard: this.guard,
    });
  }

  // Lets go of everything kept for a version nobody asks any more.
  retire(key) {
    this.orchestratorStorage.storage.delete(key);
  }
}

function versionKey(context) {
  if (typeof context?.versionKey !== 'string') {
    throw new Error('The request is not pinned to a version of the warehouse.');
  }
  return context.versionKey;
}

function createCore({ settings, registry, authenticator, guard, log, extendContext }) {
  return new AftersalesCore({
    logger: log,
    // Cube joins this to the working directory.
    schemaPath: path.relative(process.cwd(), settings.modelPath),
    apiSecret: settings.secret ?? 'unused: tokens are verified against the published keys',
    telemetry: false,
    devServer: false,
    scheduledRefreshTimer: false,
    cacheAndQueueDriver: 'memory',
    checkAuth: authenticator.checkAuth,
    checkSqlAuth: authenticator.checkSqlAuth,
    contextToApiScopes: apiScopes,
    contextToGroups: ({ securityContext }) => [securityContext?.role].filter(Boolean),
    contextToOrchestratorId: versionKey,
    extendContext,
    queryRewrite: (query, context) => {
      guard(query, context);
      return query;
    },
    driverFactory: (context) => registry.driverOf(versionKey(context)),
    dialectFactory: () => NaiveTimeQuery,
    orchestratorOptions: {
      continueWaitTimeout: 10,
      queryCacheOptions: {
        queueOptions: {
          concurrency: settings.connections,
          executionTimeout: settings.querySeconds,
        },
      },
    },
  }, { guard });
}

module.exports = { createCore };
