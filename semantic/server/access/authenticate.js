'use strict';

// Who is asking. Tokens are signed with the secret (HS256 only) or, where an identity provider is
// configured, with one of its published keys (RS256 or ES256 only). A token must say when it was
// made and when it ends. Whatever is wrong, the answer is 403 and says nothing of the token.

const { CubejsHandlerError } = require('@cubejs-backend/api-gateway');
const { createJWKsFetcher } = require('@cubejs-backend/api-gateway/dist/src/jwk');
const jsonwebtoken = require('jsonwebtoken');
const { securityContextOf } = require('./claims');

const SECRET_ALGORITHMS = ['HS256'];
const PROVIDER_ALGORITHMS = ['RS256', 'ES256'];

function forbidden(reason) {
  return new CubejsHandlerError(403, 'Forbidden', `Access refused: ${reason}.`);
}

function reasonOf(error) {
  if (error.name === 'TokenExpiredError') {
    return 'the token has expired';
  }
  return error.name === 'ClaimsError' || error.constructor.name === 'ClaimsError'
    ? error.message
    : 'the token is not valid';
}

function createAuthenticator({ secret, jwks }, log) {
  const keys = jwks.url
    ? createJWKsFetcher({}, {
      onBackgroundException: (error) => log('Keys not refreshed', { error: error.message }),
    })
    : null;

  async function verify(token) {
    const decoded = jsonwebtoken.decode(token, { complete: true });
    if (keys !== null && PROVIDER_ALGORITHMS.includes(decoded?.header?.alg)) {
      const key = await keys.getJWKbyKid(jwks.url, decoded.header.kid);
      const payload = jsonwebtoken.verify(token, key, {
        algorithms: PROVIDER_ALGORITHMS, issuer: jwks.issuer, audience: jwks.audience,
      });
      return jwks.namespace ? { ...payload, ...payload[jwks.namespace] } : payload;
    }
    return jsonwebtoken.verify(token, secret, { algorithms: SECRET_ALGORITHMS });
  }

  async function authenticate(token) {
    if (typeof token !== 'string' || token === '') {
      throw forbidden('give a token in the header "Authorization: Bearer …"');
    }
    try {
      return securityContextOf(await verify(token));
    } catch (error) {
      throw forbidden(reasonOf(error));
    }
  }

  return {
    authenticate,
    // The form Cube asks for.
    checkAuth: async (request, token) => {
      request.securityContext = await authenticate(token);
    },
    // The SQL API has no bearer header: the token is the password.
    checkSqlAuth: async (_request, _user, password) => ({
      password,
      securityContext: await authenticate(password),
    }),
    release: () => keys?.release(),
  };
}

module.exports = { createAuthenticator };
