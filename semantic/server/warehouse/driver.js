'use strict';

// One published version of the warehouse, read-only. The database file is attached to an empty
// in-memory database whose views show its public schemas; then DuckDB is locked, so that no
// statement can reach another file or change a setting.

const { DuckDBDriver } = require('@cubejs-backend/duckdb-driver');
const { DuckDBInstance } = require('@duckdb/node-api');
const { ConnectionPool } = require('./pool');
const { NaiveTimeQuery } = require('./dialect');

const PUBLIC_SCHEMAS = ['marts', 'quality'];
const MEMORY = ':memory:';

function literal(value) {
  return value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`;
}

function identifier(value) {
  return `"${String(value).replaceAll('"', '""')}"`;
}

async function rowsOf(connection, sql) {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjects();
}

class VersionDriver extends DuckDBDriver {
  constructor(version, settings) {
    super({});
    this.version = version;
    this.settings = settings;
    this.isReleased = false;
  }

  static dialectClass() {
    return NaiveTimeQuery;
  }

  static getDefaultConcurrency() {
    return 4;
  }

  async init() {
    const instance = await DuckDBInstance.create(MEMORY);
    const connections = [];
    try {
      const first = await instance.connect();
      connections.push(first);
      await this.configureConnection(first);
      while (connections.length < this.settings.connections) {
        connections.push(await instance.connect());
      }
    } catch (error) {
      connections.forEach((connection) => connection.closeSync());
      instance.closeSync();
      throw error;
    }
    const pool = new ConnectionPool(connections, () => instance.closeSync());
    return { defaultConnection: connections[0], instance, pool };
  }

  async configureConnection(connection) {
    const { queryMemory, queryThreads } = this.settings;
    await connection.run(`SET memory_limit = ${literal(queryMemory)}`);
    if (queryThreads > 0) {
      await connection.run(`SET threads = ${queryThreads}`);
    }
    await connection.run('SET preserve_insertion_order = false');
    await connection.run(
      `ATTACH ${literal(this.version.file)} AS warehouse (READ_ONLY)`,
    );
    await this.#showPublicTables(connection);
    await this.#showVersion(connection);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
  }

  async #showPublicTables(connection) {
    const schemas = PUBLIC_SCHEMAS.map(literal).join(', ');
    const tables = await rowsOf(connection, `
      select schema_name, table_name from duckdb_tables()
      where database_name = 'warehouse' and schema_name in (${schemas})
      order by schema_name, table_name
    `);
    if (tables.length === 0) {
      throw new Error(`${this.version.file} holds no table of the schemas ${schemas}.`);
    }
    for (const schema of PUBLIC_SCHEMAS) {
      await connection.run(`CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`);
    }
    for (const { schema_name: schema, table_name: table } of tables) {
      const name = `${identifier(schema)}.${identifier(table)}`;
      await connection.run(`CREATE VIEW ${name} AS SELECT * FROM warehouse.${name}`);
      // Reads a first row group of each table, so that a damaged file is refused before use.
      await connection.run(`SELECT * FROM ${name} LIMIT 1`);
    }
  }

  // The version can be asked for like any other fact, in the query that needs it.
  async #showVersion(connection) {
    const [context] = await rowsOf(connection, `
      select count(*) as tables from duckdb_tables()
      where database_name = 'warehouse' and schema_name = 'landing' and table_name = 'run_context'
    `);
    const asOf = Number(context.tables) === 1
      ? '(SELECT max(as_of_on) FROM warehouse.landing.run_context)'
      : 'CAST(NULL AS DATE)';
    await connection.run('CREATE SCHEMA serving');
    await connection.run(`
      CREATE TABLE serving.published_version AS
      SELECT ${literal(this.version.versionId)} AS version_id,
        CAST(${literal(this.version.publishedAt)} AS TIMESTAMP) AS published_at,
        CAST(${asOf} AS DATE) AS as_of_on,
        ${literal(this.version.definitions ?? null)} AS definition_version
    `);
  }

  async getInitiatedState() {
    if (this.isReleased) {
      throw new Error('This version of the warehouse is closed. Ask again.');
    }
    return super.getInitiatedState();
  }

  // Cube cancels a query that takes too long by the promise's own `cancel`.
  query(query, values = []) {
    const run = { connection: null, isCancelled: false };
    const result = this.#run(query, values, run);
    result.cancel = async () => {
      run.isCancelled = true;
      run.connection?.interrupt();
    };
    return result;
  }

  // Cube's driver runs everything on its one default connection; each query gets its own here.
  async #run(query, values, run) {
    const { pool } = await this.getInitiatedState();
    return pool.use(async (connection) => {
      if (run.isCancelled) {
        throw new Error('The query was cancelled before it ran.');
      }
      run.connection = connection;
      try {
        return await DuckDBDriver.prototype.query.call({
          getInitiatedState: async () => ({ defaultConnection: connection }),
        }, query, values);
      } finally {
        run.connection = null;
      }
    });
  }

  async release() {
    this.isReleased = true;
    if (this.initPromise) {
      const { initPromise } = this;
      this.initPromise = null;
      const { pool } = await initPromise;
      await pool.close();
    }
  }
}

module.exports = { VersionDriver };
