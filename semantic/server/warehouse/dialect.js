'use strict';

// The SQL Cube writes for the warehouse. Time members are store-local business days or naive UTC
// timestamps: they are compared and grouped as they stand. (Cube's own dialect casts each value
// to a zoned timestamp and back, eight times slower, and would move a local day by a time zone.)

const { DuckDBDriver } = require('@cubejs-backend/duckdb-driver');

const DuckDBQuery = DuckDBDriver.dialectClass();

class NaiveTimeQuery extends DuckDBQuery {
  convertTz(field) {
    return field;
  }

  inDbTimeZone(date) {
    return date;
  }

  timeStampCast(value) {
    return `CAST(${value} AS TIMESTAMP)`;
  }

  // A version never changes, and caches are kept per version: nothing can go stale.
  cacheKeyQueries(transform) {
    const isRollup = this.safeEvaluateSymbolContext().preAggregationQuery;
    return transform || isRollup ? super.cacheKeyQueries(transform) : [];
  }
}

module.exports = { NaiveTimeQuery };
