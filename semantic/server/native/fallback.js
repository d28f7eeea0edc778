'use strict';

// What the rest of Cube calls on the native add-on, for machines without it.

const { finalResult, finalResultMulti } = require('./result');

class NativeOnlyError extends Error {
  constructor(feature) {
    super(
      `${feature} needs Cube's native add-on, which is not installed here. Run ` +
      '"npm rebuild @cubejs-backend/native" in the folder "semantic" on a machine that can ' +
      'download it; REST and GraphQL work without it.',
    );
    this.name = 'NativeOnlyError';
  }
}

function nativeOnly(feature) {
  return () => {
    throw new NativeOnlyError(feature);
  };
}

function nativeOnlyAsync(feature) {
  return async () => {
    throw new NativeOnlyError(feature);
  };
}

const fallbackFunctions = {
  isFallbackBuild: () => true,
  setupLogger: () => undefined,
  resetLogger: () => undefined,
  registerInterface: async () => null,
  shutdownInterface: async () => undefined,
  // Only log lines use it; without a parser the whole statement is withheld.
  redactSqlLiterals: () => '[statement withheld]',
  getFinalQueryResult: finalResult,
  getFinalQueryResultMulti: finalResultMulti,
  execSql: nativeOnlyAsync('The SQL API'),
  sql4sql: nativeOnlyAsync('SQL from SQL'),
  rest4sql: nativeOnlyAsync('Converting SQL to a REST query'),
  buildSqlAndParams: nativeOnly('The native query planner'),
  parseCubestoreResultMessage: nativeOnlyAsync('Cube Store'),
  getCubestoreResult: nativeOnly('Cube Store'),
  transpileJs: nativeOnlyAsync('Native compilation of models'),
  transpileYaml: nativeOnlyAsync('Native compilation of models'),
  pythonLoadConfig: nativeOnlyAsync('Configuration in Python'),
};

const FallbackInstance = {
  // Models are plain YAML; the engine is asked for, never used.
  newJinjaEngine: () => ({
    loadTemplate: nativeOnly('A model with Jinja'),
    renderTemplate: nativeOnlyAsync('A model with Jinja'),
  }),
};

module.exports = { fallbackFunctions, FallbackInstance, NativeOnlyError };
