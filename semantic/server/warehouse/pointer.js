'use strict';

// The pointer file says which version of the warehouse is published. It is replaced by a rename,
// so a read sees the old text or the new one, never a mixture.

const fs = require('node:fs/promises');
const path = require('node:path');

const POINTER_NAME = 'published.json';

class PointerError extends Error {}

function parsePointer(text, home) {
  let pointer;
  try {
    pointer = JSON.parse(text);
  } catch (error) {
    throw new PointerError(`${POINTER_NAME} is not JSON: ${error.message}`);
  }
  const { version_id: versionId, database, published_at: publishedAt } = pointer || {};
  if (typeof versionId !== 'string' || versionId === '' || typeof database !== 'string') {
    throw new PointerError(`${POINTER_NAME} lacks "version_id" or "database".`);
  }
  const file = path.resolve(home, database);
  if (!file.startsWith(path.resolve(home) + path.sep)) {
    throw new PointerError(`${POINTER_NAME} names a database outside its folder: ${database}`);
  }
  // The key also tells a version apart from itself published again by a rollback.
  const key = [versionId, file, publishedAt ?? ''].join('|');
  return { key, versionId, file, publishedAt: publishedAt ?? null };
}

async function readPointer(home) {
  let text;
  try {
    text = await fs.readFile(path.join(home, POINTER_NAME), 'utf8');
  } catch (error) {
    throw new PointerError(`${POINTER_NAME} cannot be read: ${error.code ?? error.message}`);
  }
  return parsePointer(text, home);
}

module.exports = { POINTER_NAME, PointerError, parsePointer, readPointer };
