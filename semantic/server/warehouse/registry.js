'use strict';

// Which version answers which request. A request is pinned to the version published when it
// arrives and keeps it to its end; a version nobody uses any more is closed. A version that
// cannot be opened is reported and the last good one goes on serving.

const { readPointer } = require('./pointer');

const RETRY_MILLISECONDS = 1000;

class NothingPublishedError extends Error {}

class VersionRegistry {
  #current = null;

  #open = new Map();

  #opening = null;

  #refused = { key: null, until: 0 };

  #reported = { message: null, until: 0 };

  constructor({ home, openDriver, onRetire, log, readPublished = readPointer }) {
    Object.assign(this, { home, openDriver, onRetire, log, readPublished });
  }

  get openVersions() {
    return [...this.#open.values()].map(({ versionId }) => versionId);
  }

  // The version of the pointer file, or the one before it if that cannot be opened.
  async current() {
    try {
      const pointer = await this.readPublished(this.home);
      if (this.#current?.key !== pointer.key) {
        await this.#switchTo(pointer);
      }
    } catch (error) {
      this.#report(error.message);
    }
    if (this.#current === null) {
      throw new NothingPublishedError('No version of the warehouse can be served yet.');
    }
    return this.#current;
  }

  // Pins the current version; the returned function lets it go.
  async pin() {
    const version = await this.current();
    version.users += 1;
    let isHeld = true;
    return {
      key: version.key,
      versionId: version.versionId,
      release: () => {
        if (isHeld) {
          isHeld = false;
          version.users -= 1;
          this.#retireUnused();
        }
      },
    };
  }

  driverOf(key) {
    const version = this.#open.get(key);
    if (version === undefined) {
      throw new Error('This version of the warehouse is no longer open. Ask again.');
    }
    return version.driver;
  }

  async close() {
    await Promise.all([...this.#open.values()].map(({ driver }) => driver.release()));
    this.#open.clear();
    this.#current = null;
  }

  async #switchTo(pointer) {
    const { key } = pointer;
    if (this.#refused.key === key && Date.now() < this.#refused.until) {
      return;
    }
    if (this.#opening?.key !== key) {
      this.#opening = { key, work: this.#openVersion(pointer) };
    }
    const opening = this.#opening;
    try {
      await opening.work;
    } catch (error) {
      this.#refused = { key, until: Date.now() + RETRY_MILLISECONDS };
      throw new Error(`Version ${pointer.versionId} cannot be opened: ${error.message}`);
    } finally {
      if (this.#opening === opening) {
        this.#opening = null;
      }
    }
  }

  async #openVersion(pointer) {
    let version = this.#open.get(pointer.key);
    if (version === undefined) {
      const driver = await this.openDriver(pointer);
      version = { ...pointer, driver, users: 0 };
      this.#open.set(pointer.key, version);
    }
    this.#current = version;
    this.log('Version published', { version: pointer.versionId });
    this.#retireUnused();
  }

  #retireUnused() {
    for (const [key, version] of this.#open) {
      if (version !== this.#current && version.users === 0) {
        this.#open.delete(key);
        this.onRetire(key);
        version.driver.release().then(
          () => this.log('Version closed', { version: version.versionId }),
          (error) => this.#report(`Version ${version.versionId} did not close: ${error.message}`),
        );
      }
    }
  }

  // A broken version is asked for by every request; one line a second is enough.
  #report(message) {
    if (this.#reported.message !== message || Date.now() >= this.#reported.until) {
      this.#reported = { message, until: Date.now() + RETRY_MILLISECONDS };
      const keeps = this.#current?.versionId ?? null;
      this.log('Version not available', { error: message, keeps });
    }
  }
}

module.exports = { NothingPublishedError, VersionRegistry };
