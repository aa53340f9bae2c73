/**
 * The line to the station this page belongs to: its live messages and its HTTP answers.
 *
 * @typedef {{number: number, command_id: string, tone: "counted"|"line_done"|"list_done"|"refused"|"ask"|"note",
 *   code: string, text: string, at: string}} Answer
 * @typedef {{name: string, kind: "scanner"|"scale"|"printer"|"receipt_printer", state: "ready"|"away", sentence: string, next_step: string}} Device
 * @typedef {{lane: string, state: "reachable"|"unreachable"|"paused"|"unknown", since: string|null, sentence: string,
 *   unsent: number, oldest_unsent_at: string|null, parked: number, not_deliverable: number}} Lane
 * @typedef {{problem_id: string, sentence: string, next_step: string, since: string}} Problem
 * @typedef {{do: string, headline: string, detail: string, amount: string, code: string}} Next
 * @typedef {{do: string, label: string, enabled: boolean, reasons: {code: string, label: string}[]|null,
 *   body?: {job_id: string}}} Action
 * @typedef {{task_id: string, location_id: string, sku: string, name: string, order_id: string, qty: string, picked: string,
 *   short: string, state: "open"|"current"|"done"|"short"|"skipped"}} PickLine
 * @typedef {{id: string, title: string, detail: string, priority: string|number, lines: number, units: string, ship_by: string|null}} Choice
 * @typedef {{job_id: string, sscc: string, order_id: string, copy_no: number, state: string, sentence: string,
 *   questions: {decision: string, label: string}[], actions: Action[]}} Label
 * @typedef {{state: "stable"|"moving"|"fault"|"away", text: string, sentence: string}} Weight
 * @typedef {{workplace: string, work: "pick"|"pack", station: string, training: boolean,
 *   worker: {worker_id: string, name: string}|null, devices: Device[], lanes: Lane[], problems: Problem[],
 *   answer: Answer|null, next: Next, progress: {id: string, done: number, of: number}|null,
 *   picklist?: {picklist_id: string, priority: string|number, lines: PickLine[]}|null,
 *   parcel?: any, labels?: Label[], choices?: Choice[], actions: Action[]}} View
 */

const SILENCE_MS = 5000;
const RETRY_FIRST_MS = 200;
const RETRY_LONGEST_MS = 3000;
const ANSWER_WITHIN_MS = 4000;
const TRY_AGAIN = new Set([429, 502, 503, 504]);

/** How long to wait before try number `tries` (0 first): doubling, jittered, 0.2 to 3 s. */
export function backoffMs(tries, random) {
  const longest = Math.min(RETRY_LONGEST_MS, RETRY_FIRST_MS * 2 ** Math.min(tries + 1, 10));
  return RETRY_FIRST_MS + random * (longest - RETRY_FIRST_MS);
}

/**
 * Ask the station. Gives {status, body} when it answered, null when it did not (and may be asked again).
 * @param {string} path
 * @param {any} [body] makes it a POST
 */
export async function call(path, body) {
  const request = { signal: AbortSignal.timeout(ANSWER_WITHIN_MS), cache: "no-store" };
  if (body !== undefined) {
    Object.assign(request, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  }
  try {
    const response = await fetch(path, request);
    if (TRY_AGAIN.has(response.status)) return null;
    return { status: response.status, body: await response.json() };
  } catch (fault) {
    if (fault instanceof TypeError || fault instanceof SyntaxError || fault instanceof DOMException) return null;
    throw fault;
  }
}

/** Load this page again in the background: the station sets the cookie that authorises us with it. */
export async function renewKey() {
  try {
    await fetch(location.pathname, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS), cache: "no-store" });
  } catch (fault) {
    if (!(fault instanceof TypeError || fault instanceof DOMException)) throw fault;
  }
}

/** The live messages of one workplace. Connected means: something was heard in the last 5 seconds. */
export class Live {
  #socket = null;
  #watch = 0;
  #tries = 0;
  #connected = null;

  /**
   * @param {string} workplace
   * @param {{onMessage: (message: any) => void, onConnection: (connected: boolean) => void}} listeners
   */
  constructor(workplace, { onMessage, onConnection }) {
    this.address = `${location.origin.replace("http", "ws")}/v1/station/live?workplace=${encodeURIComponent(workplace)}`;
    this.onMessage = onMessage;
    this.onConnection = onConnection;
    this.#open();
  }

  #open() {
    const socket = new WebSocket(this.address);
    this.#socket = socket;
    this.#expect(socket);
    socket.addEventListener("message", (event) => this.#heard(socket, JSON.parse(event.data)));
    socket.addEventListener("close", () => this.#lose(socket));
  }

  #expect(socket) {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#lose(socket), SILENCE_MS);
  }

  #heard(socket, message) {
    if (socket !== this.#socket) return;
    this.#expect(socket);
    this.#tries = 0;
    this.#say(true);
    this.onMessage(message);
  }

  #lose(socket) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    clearTimeout(this.#watch);
    socket.close();
    this.#say(false);
    setTimeout(async () => {
      if (this.#tries > 1) await renewKey();
      this.#open();
    }, backoffMs(this.#tries++, Math.random()));
  }

  #say(connected) {
    if (connected === this.#connected) return;
    this.#connected = connected;
    this.onConnection(connected);
  }
}
