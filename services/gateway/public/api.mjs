/* global fetch, crypto */
const BASE = '/api/v1';

/** Reads. */
export async function read(path) {
  const response = await fetch(BASE + path, { headers: { accept: 'application/json' } });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

/** Gives a command; the key makes a repeated click the same command. */
export async function command(path, body, key = crypto.randomUUID()) {
  const response = await fetch(BASE + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

/** Where events come from. */
export const eventsUrl = (path) => BASE + path;

async function problemOf(response) {
  const fallback = { detail: `The server answered ${response.status}.`, todo: '', findings: [] };
  const body = await response.json().catch(() => ({}));
  return Object.assign(new Error(body.detail ?? fallback.detail), fallback, body);
}
