'use strict';

// A fixed number of connections to one database instance. Whoever finds none free waits in line;
// close() waits for the borrowed ones to come back.

class PoolClosedError extends Error {}

class ConnectionPool {
  #idle = [];

  #waiting = [];

  #borrowed = 0;

  #closing = null;

  constructor(connections, onClosed) {
    this.#idle = [...connections];
    this.size = connections.length;
    this.onClosed = onClosed;
  }

  async use(work) {
    const connection = await this.#take();
    try {
      return await work(connection);
    } finally {
      this.#giveBack(connection);
    }
  }

  #take() {
    if (this.#closing) {
      throw new PoolClosedError('This version of the warehouse is closed. Ask again.');
    }
    const connection = this.#idle.pop();
    if (connection) {
      this.#borrowed += 1;
      return connection;
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #giveBack(connection) {
    const next = this.#waiting.shift();
    if (next) {
      next(connection);
      return;
    }
    this.#idle.push(connection);
    this.#borrowed -= 1;
    this.#finishClosing();
  }

  #finishClosing() {
    if (this.#closing && this.#borrowed === 0) {
      for (const connection of this.#idle.splice(0)) {
        connection.closeSync();
      }
      this.onClosed();
      this.#closing.resolve();
    }
  }

  close() {
    if (!this.#closing) {
      this.#closing = Promise.withResolvers();
      this.#finishClosing();
    }
    return this.#closing.promise;
  }
}

module.exports = { ConnectionPool, PoolClosedError };
