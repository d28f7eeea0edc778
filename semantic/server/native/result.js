'use strict';

// Turns the rows of a query into the answer a client gets: aliases become member names, time
// values lose their zone, and the row format asked for is applied. Every column must belong to
// an annotated, that is visible, member: this check refuses hidden members.

const TIME_TEXT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?$/;
const GRANULARITIES = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];
const BLENDING_PREFIX = 'time.';

class HiddenMemberError extends Error {
  constructor(member) {
    super(`You requested hidden member: '${member}'. Ask /v1/meta for the members you may use.`);
    this.name = 'HiddenMemberError';
    this.type = 'UserError';
  }
}

function networkValue(value, type) {
  if (value === undefined || value === null) {
    return null;
  }
  if (type !== 'time' || typeof value !== 'string') {
    return value;
  }
  const parts = TIME_TEXT.exec(value);
  if (parts === null) {
    return value;
  }
  const [, date, time, fraction = '.0'] = parts;
  return `${date}T${time}${fraction.slice(0, 4).padEnd(4, '0')}`;
}

function granularityRank(granularity) {
  const rank = GRANULARITIES.indexOf(granularity);
  return rank === -1 ? GRANULARITIES.length : rank;
}

function memberName(member) {
  return typeof member === 'string' ? member : member.name;
}

function refuseHidden(members, annotation) {
  for (const member of members) {
    if (!Object.hasOwn(annotation, member)) {
      throw new HiddenMemberError(member);
    }
  }
}

function requestedMembers(query) {
  return [
    ...(query.measures || []).map(memberName),
    ...(query.dimensions || []).map(memberName),
    ...(query.timeDimensions || []).map(({ dimension }) => dimension),
  ];
}

// An answer column: the member's name, its type and the position of its values.
function columnsOf(request, raw) {
  const { aliasToMemberNameMap: names, annotation, query } = request;
  if (raw.members.length === 0) {
    const needed = requestedMembers(query);
    refuseHidden(needed.filter((member) => !isUngranular(member, query)), annotation);
    return [];
  }
  const columns = raw.members.map((alias, position) => {
    const member = names[alias];
    if (member === undefined) {
      throw new Error(`The query answered with a column that no member asked for: ${alias}.`);
    }
    refuseHidden([member], annotation);
    return { member, type: annotation[member].type, position };
  });
  return [...columns, ...bareTimeColumns(columns, query)];
}

// A time dimension that only limits the range has no column and no annotation of its own.
function isUngranular(member, query) {
  return (query.timeDimensions || [])
    .some(({ dimension, granularity }) => dimension === member && !granularity);
}

// Older clients read `view.date` where `view.date.month` was asked: the finest one answers.
function bareTimeColumns(columns, query) {
  const dimensions = new Set((query.dimensions || []).map(memberName));
  const finest = new Map();
  for (const column of columns) {
    const [view, name, granularity] = column.member.split('.');
    const bare = `${view}.${name}`;
    if (granularity !== undefined && !dimensions.has(bare)) {
      const rank = granularityRank(granularity);
      const known = finest.get(bare);
      if (known === undefined || rank <= known.rank) {
        finest.set(bare, { rank, column: { ...column, member: bare } });
      }
    }
  }
  return [...finest.values()].map(({ column }) => column);
}

function constantColumns(request) {
  const [time] = request.query.timeDimensions || [];
  if (request.queryType === 'compareDateRangeQuery') {
    return [{ member: 'compareDateRange', value: time.dateRange.join(' - ') }];
  }
  return [];
}

function blendingColumns(request, columns) {
  if (request.queryType !== 'blendingQuery') {
    return [];
  }
  const [{ dimension, granularity }] = request.query.timeDimensions;
  const source = columns.find(({ member }) => member === `${dimension}.${granularity}`);
  return source ? [{ ...source, member: `${BLENDING_PREFIX}${granularity}` }] : [];
}

function parseRaw(buffer) {
  return JSON.parse(Buffer.isBuffer(buffer) ? buffer.toString('utf8') : String(buffer));
}

function answerData(request, buffer) {
  const raw = parseRaw(buffer);
  const found = columnsOf(request, raw);
  const columns = [...found, ...blendingColumns(request, found)];
  const constants = constantColumns(request);
  const members = [...columns, ...constants].map(({ member }) => member);
  const rowCount = raw.columns.length === 0 ? 0 : raw.columns[0].length;
  const values = [
    ...columns.map(({ type, position }) => raw.columns[position]
      .map((value) => networkValue(value, type))),
    ...constants.map(({ value }) => new Array(rowCount).fill(value)),
  ];
  if (request.resType === 'columnar') {
    return { members, columns: values };
  }
  const rows = Array.from({ length: rowCount }, (_unused, row) => values.map((list) => list[row]));
  if (request.resType === 'compact') {
    return { members, dataset: rows };
  }
  return rows.map((row) => Object.fromEntries(row.map((value, index) => [members[index], value])));
}

function withoutNulls(object) {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  );
}

function answer(request, buffer, root) {
  return { ...withoutNulls(root), data: answerData(request, buffer) };
}

async function finalResult(request, buffer, root) {
  return Buffer.from(JSON.stringify(answer(request, buffer, root)));
}

async function finalResultMulti(requests, buffers, root) {
  // Required late: this module loads before Cube's own packages may.
  const { getPivotQuery } = require('@cubejs-backend/api-gateway/dist/src/query');
  const results = requests.map((request, index) => answer(
    request, buffers[index], root.results[index],
  ));
  const pivotQuery = {
    ...getPivotQuery(root.queryType, results.map(({ query }) => query)),
    queryType: root.queryType,
  };
  return Buffer.from(JSON.stringify({ ...root, results, pivotQuery }));
}

module.exports = { HiddenMemberError, answerData, finalResult, finalResultMulti, networkValue };
