'use strict';

// Refuses, before any SQL is written, a query that names a member its caller may not use: as a
// measure, dimension, segment, time dimension, order, or in a filter at any depth. Cube itself
// lets a filter reach the private cubes behind a view, which would answer "is this the phone
// number?" with a one or a zero.

const { CubejsHandlerError } = require('@cubejs-backend/api-gateway');

const MAXIMUM_DEPTH = 16;
const MONTH = 'month';
const MONTH_OR_LONGER = [MONTH, 'quarter', 'year'];

function refuse(status, message) {
  return new CubejsHandlerError(status, status === 403 ? 'Forbidden' : 'User Error', message);
}

function memberPath(member) {
  const [view, name] = member.split('.');
  return `${view}.${name}`;
}

function filterMembers(filters, depth = 0) {
  if (depth > MAXIMUM_DEPTH) {
    throw refuse(400, `Filters are nested deeper than ${MAXIMUM_DEPTH} levels.`);
  }
  return (filters ?? []).flatMap((filter) => {
    const nested = [...(filter?.and ?? []), ...(filter?.or ?? [])];
    const own = [filter?.member, filter?.dimension].filter((member) => member !== undefined);
    return [...own, ...filterMembers(nested, depth + 1)];
  });
}

function orderMembers(order) {
  if (Array.isArray(order)) {
    return order.map((item) => (Array.isArray(item) ? item[0] : item?.id));
  }
  return Object.keys(order ?? {});
}

function usedMembers(query) {
  return [
    ...(query.measures ?? []),
    ...(query.dimensions ?? []),
    ...(query.segments ?? []),
    ...(query.timeDimensions ?? []).map(({ dimension }) => dimension),
    ...filterMembers(query.filters),
    ...orderMembers(query.order),
  ];
}

// The expressions of the SQL API carry their own SQL. They are only made by Cube's SQL planner,
// from the members its caller sees; over REST Cube refuses them.
function isExpression(member) {
  return typeof member !== 'string' || member.startsWith('{');
}

function cubeOfExpression(member) {
  if (typeof member !== 'string') {
    return member?.cubeName;
  }
  try {
    return JSON.parse(member).cubeName;
  } catch {
    throw refuse(400, 'An expression is not JSON.');
  }
}

function spansOnePeriod({ dateRange, granularity }) {
  if (granularity === MONTH) {
    return true;
  }
  const [from, to] = Array.isArray(dateRange) ? dateRange : [dateRange, dateRange];
  return typeof from === 'string' && typeof to === 'string'
    && /^\d{4}-\d{2}/.test(from) && from.slice(0, 7) === to.slice(0, 7);
}

function createGuard(contract, { rowLimit }) {
  function checkMembers(query, role) {
    for (const member of usedMembers(query)) {
      if (isExpression(member)) {
        if (!contract.isView(cubeOfExpression(member))) {
          throw refuse(403, 'Only members of the public views can be queried.');
        }
      } else if (!contract.allows(role, memberPath(member))) {
        throw refuse(403, `Member "${memberPath(member)}" is not offered to you. `
          + 'Ask /v1/meta for those that are.');
      }
    }
  }

  function checkShape(query) {
    if (query.ungrouped) {
      throw refuse(400, 'Queries without grouping are not offered: ask for measures.');
    }
    if (typeof query.limit === 'number' && query.limit > rowLimit) {
      throw refuse(400, `A limit of ${query.limit} rows is above the maximum of ${rowLimit}.`);
    }
  }

  function checkTime(query) {
    for (const { dimension, granularity } of query.timeDimensions ?? []) {
      const isTooFine = granularity && !MONTH_OR_LONGER.includes(granularity);
      if (isTooFine && contract.isMonthly(dimension)) {
        throw refuse(400, `${dimension} knows whole months: ask for granularity `
          + `${MONTH_OR_LONGER.join(', ')}, not ${granularity}.`);
      }
    }
    const levels = (query.measures ?? []).map(String).filter(contract.isSemiAdditive);
    const isOnePeriod = (query.timeDimensions ?? []).some(spansOnePeriod);
    if (levels.length > 0 && !isOnePeriod) {
      throw refuse(400, `${levels.join(', ')}: a level at the end of a month cannot be added up over `
        + 'months. Give a time dimension with granularity "month" or a date range within one month.');
    }
  }

  return (query, context) => {
    const role = context?.securityContext?.role;
    if (query === null || typeof query !== 'object') {
      throw refuse(400, 'The query is not an object.');
    }
    checkShape(query);
    checkMembers(query, role);
    checkTime(query);
  };
}

module.exports = { createGuard, usedMembers };
