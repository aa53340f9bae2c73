/** Who looks after this machine at this page: the key is kept in memory only, so that a reload ends it. */

const ANSWER_WITHIN_MS = 30_000;

let key = "";
let name = "";

/** @typedef {{status: number, body: any}|null} Reply null when the station did not answer */

/** Whether somebody signed in here. */
export function isCarer() {
  return key !== "";
}

/** Their name; empty where a one-time code was shown. */
export function carerName() {
  return name;
}

/** @param {string} [given] @param {string} [whose] without them nobody is signed in any more */
export function beCarer(given = "", whose = "") {
  key = given;
  name = whose;
}

/**
 * Ask the station, with the key where there is one.
 * @param {string} path
 * @param {any} [body] makes it a POST
 * @returns {Promise<Reply>}
 */
export async function ask(path, body) {
  try {
    const response = await fetch(path, request(body, AbortSignal.timeout(ANSWER_WITHIN_MS)));
    if (response.status === 401) beCarer();
    return { status: response.status, body: await response.json() };
  } catch (fault) {
    if (isAway(fault)) return null;
    throw fault;
  }
}

/**
 * Read an answer that comes line by line, until it ends or `signal` says so.
 * @param {string} path
 * @param {(line: any) => void} take
 * @param {AbortSignal} signal
 * @returns {Promise<string>} why it ended: empty at its own end, else a sentence of the station or `away`
 */
export async function listen(path, take, signal) {
  try {
    const response = await fetch(path, request(undefined, signal));
    if (!response.ok || !response.body) return (await response.json()).error.message;
    await readLines(response.body, take);
    return "";
  } catch (fault) {
    if (isAway(fault)) return signal.aborted ? "" : "away";
    throw fault;
  }
}

/** @param {ReadableStream<Uint8Array>} body @param {(line: any) => void} take */
async function readLines(body, take) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let pending = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    pending += decoder.decode(value, { stream: true });
    const lines = pending.split("\n");
    pending = lines.pop() ?? "";
    lines.filter(Boolean).forEach((line) => take(JSON.parse(line)));
  }
}

/** @param {any} body @param {AbortSignal} signal @returns {RequestInit} */
function request(body, signal) {
  /** @type {Record<string, string>} */
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  if (body === undefined) return { signal, headers, cache: "no-store" };
  headers["Content-Type"] = "application/json";
  return { signal, headers, method: "POST", body: JSON.stringify(body), cache: "no-store" };
}

/** @param {unknown} fault */
function isAway(fault) {
  return fault instanceof TypeError || fault instanceof SyntaxError || fault instanceof DOMException;
}

/** The sentence of a refusal. @param {Reply} reply @param {string} silent what is said without an answer */
export function sentenceOf(reply, silent) {
  return reply === null ? silent : (reply.body?.error?.message ?? "");
}
