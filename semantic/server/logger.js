'use strict';

// One JSON line for each event, on standard error. Cube logs rejected tokens, security contexts
// and request headers in clear; only the fields listed here are ever written.

const LEVELS = ['error', 'warn', 'info', 'trace'];
const KEPT_FIELDS = [
  'error', 'warning', 'version', 'keeps', 'requestId', 'duration', 'status', 'path', 'address',
  'home', 'native', 'reason', 'apiType', 'queries', 'dbType',
];
const TOKEN = /eyJ[\w-]*\.[\w-]*(?:\.[\w-]*)?/g;

function levelOf(message, params) {
  if (params.error) {
    return 'error';
  }
  if (params.warning) {
    return 'warn';
  }
  return ['Load Request Success', 'Version published', 'Version closed', 'Ready'].includes(message)
    ? 'info'
    : 'trace';
}

function withoutTokens(value) {
  return typeof value === 'string' ? value.replaceAll(TOKEN, '[token]') : value;
}

function createLogger(level = 'warn', write = (line) => process.stderr.write(`${line}\n`)) {
  const threshold = Math.max(LEVELS.indexOf(level), 0);
  return (message, params = {}) => {
    const eventLevel = levelOf(message, params);
    if (LEVELS.indexOf(eventLevel) > threshold) {
      return;
    }
    const kept = KEPT_FIELDS
      .filter((name) => params[name] !== undefined)
      .map((name) => [name, withoutTokens(params[name])]);
    const event = { at: new Date().toISOString(), level: eventLevel, message };
    write(JSON.stringify({ ...event, ...Object.fromEntries(kept) }));
  };
}

module.exports = { createLogger };
