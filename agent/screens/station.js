/**
 * The line to the station this page belongs to: its live messages and its HTTP answers.
 *
 * @typedef {{number: number, command_id: string, tone: "counted"|"line_done"|"list_done"|"refused"|"ask"|"note",
 *   code: string, text: string, at: string}} Answer
 * @typedef {{name: string, kind: "scanner"|"scale"|"printer"|"receipt_printer", state: "ready"|"away", sentence: string, next_step: string}} Device
 * @typedef {{lane: string, state: "reachable"|"unreachable"|"paused"|"unknown", since: string|null, sentence: string,
 *   offline: string[], unsent: number, oldest_unsent_at: string|null, parked: number, not_deliverable: number}} Lane
 * @typedef {{problem_id: string, sentence: string, next_step: string, since: string}} Problem
 * @typedef {{label: string, value: string, code: boolean}} Fact
 * @typedef {{do: string, headline: string, detail: string, amount: string, code: string, facts: Fact[], picture: boolean}} Next
 * @typedef {"number"|"date"|"text"|"texts"|"pin"} Pad a PIN is asked for by the page itself
 * @typedef {{code: any, label: string, detail?: string, body?: Record<string, any>, then?: Step[]|null}} Tile
 * @typedef {{ask: string, member: string, reasons: Tile[]|null, pad: Pad|null}} Step
 * @typedef {{do: string, label: string, enabled: boolean, reasons: Tile[]|null, pad: Pad|"photo"|null,
 *   member: string, body: Record<string, any>, place: "first"|"bar"|"more", ask: string, then: Step[], path: string|null,
 *   about: string|null, wrap: string|null, approval: boolean, root?: Action, allowed?: Record<string, any>}} Action
 *   `member`: what a tile or the keys are sent as; `then`: what else is asked before it is done; `path`: it has a route of
 *   its own; `about`: what a photo is of; `wrap`: the list it is sent in; `approval`: a supervisor has to allow it. Of the page
 *   itself: `root`, what a step began with, and `allowed`, what is said already and a supervisor is asked about
 * @typedef {{task_id: string, location_id: string, sku: string, name: string, order_id: string, qty: string, picked: string,
 *   short: string, state: "open"|"current"|"done"|"short"|"skipped"}} PickLine
 * @typedef {{id: string, title: string, detail: string, priority: string|number, lines: number|null, units: string|null,
 *   ship_by: string|null, size?: string, do?: string, body?: Record<string, any>, tile?: boolean, chosen?: boolean}} Choice
 * @typedef {{job_id: string, sscc: string, order_id: string, copy_no: number, state: string, sentence: string,
 *   questions: {decision: string, label: string}[], actions: Action[], picture?: boolean}} Label
 * @typedef {{state: "stable"|"moving"|"fault"|"away", text: string, sentence: string}} Weight
 * @typedef {{order_line_id: string, sku: string, name: string, qty: string, packed: string, state: "open"|"current"|"done"}} ParcelLine
 * @typedef {{package_id: string, state: string, sscc: string|null, weight_text: string|null, expected_text: string|null}} Package
 * @typedef {{number: number, state: string, scans_go_here: boolean, to_close_now: boolean, weight_text: string|null, box: string,
 *   materials: {material: string, qty: number}[], size: string, photo: boolean, choose: Action}} OneParcel
 * @typedef {{fulfillment_id: string, order_id: string, ship_to: {name: string, city: string, country: string}, lines: ParcelLine[],
 *   package: Package, carton?: {carton_id: string|null, name: string, note: string}|null, notes?: string[],
 *   to_confirm?: {sentence: string}[], parcels?: OneParcel[], label_to_come?: string|null}} Parcel
 * @typedef {{fulfillment_id: string, order_id: string, tote: string, in_front: boolean}} OpenOrder
 * @typedef {{sku: string, name: string, done: string|null, of: string|null, over: string, note: string,
 *   state: "open"|"current"|"done"|"over"}} GoodsRow
 * @typedef {{sku: string, name: string, qty: string, lot_id: string|null, expires_on: string|null, condition: string|null,
 *   location_id: string|null, container: string|null, serials: string[], photo: boolean}} CountedRow
 * @typedef {{qc_id: string, title: string, sentence: string, actions: Action[]}} Check
 * @typedef {{title: string, rows: GoodsRow[], hidden: number, counted: CountedRow[]}} Goods
 * @typedef {{package_id: string, order_id: string, sscc: string|null}} OnBoard
 * @typedef {{workplace: string, work: string, station: string, language: string, training: boolean, same_scan_ms: number,
 *   worker: {worker_id: string, name: string}|null, devices: Device[], lanes: Lane[], problems: Problem[],
 *   answer: Answer|null, next: Next, progress: {id: string, done: number|string, of: number|string}|null,
 *   picklist?: {picklist_id: string, priority: string|number, lines: PickLine[]}|null,
 *   goods?: Goods|null,
 *   manifest?: {manifest_id: string, carrier: string, dock: string, loaded: OnBoard[], missing: OnBoard[], more_missing: number}|null,
 *   checks?: Check[], parcel?: Parcel|null, labels?: Label[], orders?: OpenOrder[], choices?: Choice[], actions: Action[]}} View
 * @typedef {{status: number, body: any}} Reply the station's answer to a call
 */

const SILENCE_MS = 5000;
const RETRY_FIRST_MS = 200;
const RETRY_LONGEST_MS = 3000;
const ANSWER_WITHIN_MS = 4000;
const ONLY_ANSWER_WITHIN_MS = 15_000; // what cannot be asked again is waited for
const TRY_AGAIN = new Set([429, 502, 503, 504]);

/**
 * How long to wait before try number `tries` (0 first): doubling, jittered, 0.2 to 3 s.
 * @param {number} tries
 * @param {number} random 0 to 1
 */
export function backoffMs(tries, random) {
  const longest = Math.min(RETRY_LONGEST_MS, RETRY_FIRST_MS * 2 ** Math.min(tries + 1, 10));
  return RETRY_FIRST_MS + random * (longest - RETRY_FIRST_MS);
}

/**
 * Ask the station. Gives {status, body} when it answered, null when it did not (and may be asked again).
 * @param {string} path
 * @param {any} [body] makes it a POST: a file as it is, anything else as JSON
 */
export async function call(path, body) {
  const reply = await ask(path, body, ANSWER_WITHIN_MS);
  return reply && TRY_AGAIN.has(reply.status) ? null : reply;
}

/**
 * Ask the station something that is not to be repeated: whatever it says is an answer, also "wait" and "busy".
 * @param {string} path
 * @param {any} body as `call` takes it
 */
export async function callOnce(path, body) {
  return ask(path, body, ONLY_ANSWER_WITHIN_MS);
}

/**
 * @param {string} path
 * @param {any} body
 * @param {number} withinMs
 * @returns {Promise<Reply|null>}
 */
async function ask(path, body, withinMs) {
  /** @type {RequestInit} */
  const request = { signal: AbortSignal.timeout(withinMs), cache: "no-store" };
  if (body !== undefined) {
    const isFile = body instanceof Blob;
    Object.assign(request, {
      method: "POST",
      headers: { "Content-Type": isFile ? body.type : "application/json" },
      body: isFile ? body : JSON.stringify(body),
    });
  }
  try {
    const response = await fetch(path, request);
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
  /** @type {WebSocket|null} */
  #socket = null;
  #watch = 0;
  #tries = 0;
  /** @type {boolean|null} */
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

  /** @param {WebSocket} socket */
  #expect(socket) {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#lose(socket), SILENCE_MS);
  }

  /**
   * @param {WebSocket} socket
   * @param {any} message
   */
  #heard(socket, message) {
    if (socket !== this.#socket) return;
    this.#expect(socket);
    this.#tries = 0;
    this.#say(true);
    this.onMessage(message);
  }

  /** @param {WebSocket} socket */
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

  /** @param {boolean} connected */
  #say(connected) {
    if (connected === this.#connected) return;
    this.#connected = connected;
    this.onConnection(connected);
  }
}
