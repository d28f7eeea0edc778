'use strict';

// Which parts of the API a role may call. The SQL Cube generates shows tables and filters, so it
// is for engineers only.

const BASE_SCOPES = ['graphql', 'meta', 'data'];

function apiScopes(securityContext) {
  switch (securityContext?.role) {
    case 'engineer':
      return [...BASE_SCOPES, 'sql'];
    case 'hq':
    case 'region_manager':
    case 'store_manager':
    case 'steward':
      return BASE_SCOPES;
    default:
      return [];
  }
}

module.exports = { apiScopes };
