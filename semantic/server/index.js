'use strict';

// Serves the published version of the warehouse: node server/index.js
// Settings come from the environment, see settings.js.

const { createLogger } = require('./logger');
const { prepareEnvironment } = require('./environment');
const { SettingsError, readSettings } = require('./settings');

const SHUTDOWN_MILLISECONDS = 5000;

async function start() {
  const settings = readSettings();
  prepareEnvironment(settings);
  const { useNativeOrFallback } = require('./native');
  const native = useNativeOrFallback();

  // From here on Cube may load: its environment and its add-on are in place.
  const { createAuthenticator } = require('./access/authenticate');
  const { definitionVersion, loadContract } = require('./access/contract');
  const { createGuard } = require('./access/guard');
  const { boundCache } = require('./cache');
  const { createCore } = require('./core');
  const { createApp, listen } = require('./http');
  const { createPinning } = require('./pinning');
  const { VersionDriver } = require('./warehouse/driver');
  const { VersionRegistry } = require('./warehouse/registry');

  const log = createLogger(settings.logLevel);
  const cache = boundCache(settings.cacheBytes);
  const parts = {};
  const definitions = definitionVersion(settings.modelPath);
  const registry = new VersionRegistry({
    home: settings.home,
    log,
    openDriver: async (version) => {
      const driver = new VersionDriver({ ...version, definitions }, settings);
      await driver.testConnection();
      return driver;
    },
    onRetire: (key) => {
      parts.core.retire(key);
      cache.forget(key);
    },
  });
  const authenticator = createAuthenticator(settings, log);
  parts.core = createCore({
    settings,
    registry,
    authenticator,
    log,
    guard: createGuard(loadContract(settings.modelPath), settings),
    extendContext: createPinning(registry, settings),
  });
  const app = await createApp({ ...parts, registry, settings, log, isNative: native.isNative });
  const server = await listen(app, settings);
  // Compiled before the address is told: a model that does not compile stops the start.
  await (await parts.core.getCompilerApi({})).getCompilers();
  if (native.isNative && settings.sqlPort > 0) {
    await parts.core.initSQLServer().init({
      pgSqlPort: settings.sqlPort, checkSqlAuth: authenticator.checkSqlAuth,
    });
  }
  const { address, port } = server.address();
  process.stdout.write(`${JSON.stringify({
    event: 'listening', url: `http://${address}:${port}/cubejs-api`, native: native.isNative,
  })}\n`);
  return { server, registry, authenticator, log };
}

function stopOnSignals({ server, registry, authenticator }) {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) {
      return;
    }
    isStopping = true;
    setTimeout(() => process.exit(1), SHUTDOWN_MILLISECONDS).unref();
    authenticator.release();
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeIdleConnections();
    });
    await registry.close();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return stop;
}

// A parent that asks for it holds the other end of standard input: when it dies, so do we.
function stopWithParent(stop) {
  if (process.env.AFTERSALES_EXIT_WITH_PARENT === 'true') {
    process.stdin.on('end', stop).on('error', stop).resume();
  }
}

start().then(stopOnSignals).then(stopWithParent).catch((error) => {
  const message = error instanceof SettingsError ? error.message : error.stack;
  process.stderr.write(`The semantic server did not start. ${message}\n`);
  process.exitCode = 1;
  process.exit();
});
