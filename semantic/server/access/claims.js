'use strict';

// What a verified token may claim. Everything that is not exactly right is refused; nothing of
// the token beyond these four fields reaches Cube.

const ROLES = ['hq', 'region_manager', 'store_manager', 'steward', 'engineer'];
const MAXIMUM_SCOPE_SIZE = 1000;

class ClaimsError extends Error {}

function textList(value, name) {
  if (value === undefined || value === null) {
    return [];
  }
  const isList = Array.isArray(value)
    && value.length <= MAXIMUM_SCOPE_SIZE
    && value.every((item) => typeof item === 'string' && item !== '');
  if (!isList) {
    throw new ClaimsError(`claim "${name}" is not a list of names`);
  }
  return [...new Set(value)];
}

function securityContextOf(payload, now = Date.now() / 1000) {
  if (!Number.isFinite(payload.exp) || !Number.isFinite(payload.iat)) {
    throw new ClaimsError('claims "exp" and "iat" are required');
  }
  if (payload.iat > now + 60) {
    throw new ClaimsError('claim "iat" lies in the future');
  }
  const { role } = payload;
  if (!ROLES.includes(role)) {
    throw new ClaimsError('claim "role" is missing or unknown');
  }
  const regions = textList(payload.regions, 'regions');
  const stores = textList(payload.stores, 'stores');
  if (role === 'region_manager' && regions.length === 0) {
    throw new ClaimsError('a region manager needs the claim "regions"');
  }
  if (role === 'store_manager' && stores.length === 0) {
    throw new ClaimsError('a store manager needs the claim "stores"');
  }
  const subject = typeof payload.sub === 'string' ? payload.sub : null;
  return { role, regions, stores, subject };
}

module.exports = { ClaimsError, ROLES, securityContextOf };
