/**
 * Calls of a desk. Looking needs no person, so only acts carry the key of whoever signed in: half an hour without one
 * ends it, however long the page looks on. The key is kept in this page alone: a reload signs out.
 *
 * @typedef {{status: number, body: any}} Reply
 * @typedef {{meaning: "done"|"refused"|"ask", text: string}} Said
 */
const ANSWER_WITHIN_MS = 15_000;
const UNAUTHORISED = 401;

let key = "";
let idleMs = 0;
let idle = 0;
/** @type {() => void} */
let onEnded = () => {};

/**
 * Act as somebody from now on.
 * @param {{key: string, idle_s: number}} signedIn
 * @param {() => void} ended called once the key works no more
 */
export function useKey(signedIn, ended) {
  key = signedIn.key;
  idleMs = signedIn.idle_s * 1000;
  onEnded = ended;
  used();
}

/** Act as nobody from now on. */
export function dropKey() {
  clearTimeout(idle);
  key = "";
}

/**
 * Ask the station; null when it did not answer.
 * @param {string} path
 * @param {any} [body] makes it a POST
 * @returns {Promise<Reply|null>}
 */
export async function ask(path, body) {
  return replyOf(await send(path, body, {}));
}

/**
 * An act of whoever is signed in. A `command_id` in its body lets a repeat count once.
 * @param {string} path
 * @param {any} body
 * @returns {Promise<Reply|null>}
 */
export async function act(path, body) {
  used();
  const reply = await replyOf(await send(path, body, { Authorization: `Bearer ${key}` }));
  if (reply?.status === UNAUTHORISED) end();
  return reply;
}

/**
 * A file that needs the key, as text; or why there is none.
 * @param {string} path
 * @returns {Promise<{text: string|null, reply: Reply|null}>}
 */
export async function file(path) {
  used();
  const response = await send(path, undefined, { Authorization: `Bearer ${key}` });
  if (response?.ok) return { text: await response.text(), reply: null };
  return { text: null, reply: await replyOf(response) };
}

/**
 * What came of an act, as one sentence and its meaning.
 * @param {Reply|null} reply
 * @param {{silent: string, done: string}} words `silent` for no answer at all, `done` for an answer without a sentence
 * @returns {Said}
 */
export function saidBy(reply, { silent, done }) {
  if (!reply) return { meaning: "ask", text: silent };
  const { answer, error } = reply.body;
  if (error) return { meaning: "refused", text: error.message };
  return { meaning: answer?.tone === "refused" ? "refused" : "done", text: answer?.text ?? done };
}

/** A UUID of version 7: random, and led by the time. */
export function commandId() {
  const time = Date.now().toString(16).padStart(12, "0");
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  bytes[2] = (bytes[2] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(1, 4)}-${hex.slice(4, 8)}-${hex.slice(8)}`;
}

/**
 * @param {string} path
 * @param {any} body
 * @param {Record<string, string>} headers
 * @returns {Promise<Response|null>}
 */
async function send(path, body, headers) {
  /** @type {RequestInit} */
  const request = { signal: AbortSignal.timeout(ANSWER_WITHIN_MS), cache: "no-store", headers };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    Object.assign(request, { method: "POST", body: JSON.stringify(body) });
  }
  try {
    return await fetch(path, request);
  } catch (fault) {
    if (fault instanceof TypeError || fault instanceof DOMException) return null;
    throw fault;
  }
}

/**
 * @param {Response|null} response
 * @returns {Promise<Reply|null>}
 */
async function replyOf(response) {
  if (!response) return null;
  try {
    return { status: response.status, body: await response.json() };
  } catch (fault) {
    if (fault instanceof SyntaxError || fault instanceof TypeError || fault instanceof DOMException) return null;
    throw fault;
  }
}

function used() {
  clearTimeout(idle);
  if (key) idle = window.setTimeout(end, idleMs);
}

function end() {
  dropKey();
  onEnded();
}
