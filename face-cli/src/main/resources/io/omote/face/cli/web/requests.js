// SPDX-License-Identifier: Apache-2.0
// Requests to the API, several at once.

const token = new URLSearchParams(location.hash.slice(1)).get("token");

/** How often and after how many milliseconds a request is repeated if the server is busy. */
const PAUSES = [500, 1000, 2000, 4000];

/** An error with a text for people. */
export class Failure extends Error {
  constructor(message, passing = false) {
    super(message);
    this.passing = passing; // another try may succeed
  }
}

/** Sends a GET request, or a form if there are parts. Throws an AbortError if it is aborted. */
export async function ask(path, parts, signal) {
  for (const pause of PAUSES) {
    const answer = await send(path, parts, signal);
    if (answer.status !== 503 || answer.body.reason !== "busy") {
      return result(answer);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    signal?.throwIfAborted();
  }
  return result(await send(path, parts, signal));
}

async function send(path, parts, signal) {
  const headers = token ? { Authorization: "Bearer " + token } : {};
  try {
    const answer = await fetch(
      path, parts ? { method: "POST", headers, body: form(parts), signal } : { headers, signal });
    return { ok: answer.ok, status: answer.status, body: await answer.json() };
  } catch (error) {
    if (error.name === "AbortError") {
      throw error;
    }
    throw new Failure("the connection failed: check that the server is still running", true);
  }
}

function result(answer) {
  if (!answer.ok) {
    throw new Failure(answer.body.detail, answer.status === 408 || answer.status >= 500);
  }
  return answer.body;
}

function form(parts) {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    if (value instanceof Blob) {
      data.append(name, value, "image"); // the server does not need the file name
    } else if (value !== undefined) {
      data.append(name, value);
    }
  }
  return data;
}

const waiting = [];
let working = 0;
let limit = 1;

/** Sets the number of jobs that run at once. */
export function allow(count) {
  limit = count;
}

/** Runs jobs in the order in which they come. A job must not throw. */
export function enqueue(job) {
  waiting.push(job);
  next();
}

function next() {
  while (working < limit && waiting.length > 0) {
    working++;
    waiting.shift()().finally(() => {
      working--;
      next();
    });
  }
}
