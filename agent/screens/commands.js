/**
 * What the worker did and the station has not answered yet: the only thing a page keeps. Sent one at a time and in order.
 *
 * It is kept on this device, for its workplace, until it is answered: through a reload, and through a page that was closed.
 * Each page holds a lock on its own list; a list whose page is gone goes to the next page of that workplace. The station
 * books a command on whoever is signed in, so nothing is sent before the page knows who that is: what was done by somebody
 * else, on other work or long ago is held, and a person decides.
 *
 * What a supervisor allows is the exception: it has a PIN in it, so it is never kept, never waits, and is sent once.
 */
import { backoffMs, call, callOnce, renewKey } from "./station.js";
import { say } from "./words.js";

const MOST_WAITING = 200;
const MOST_MINUTES = 10; // what an earlier page left: longer ago, and the goods may have moved on
const MINUTE_MS = 60_000;

/** @import {Reply} from "./station.js" */

/**
 * @typedef {{worker: string, name: string, work: string}} By who is signed in on which work; empty texts for nobody and nothing
 * @typedef {{command_id: string, name: string, body: any, path: string|null, by: By|null, at: number, tried: boolean,
 *   follows: boolean, left: boolean}} Waiting
 *   `by`: null before the page knew; `tried`: it may have reached the station; `follows`: it came while the one before was
 *   not answered; `left`: an earlier page left it
 */

export class Commands {
  /** @type {Waiting[]} */
  #waiting = [];
  /** @type {Waiting[]} */
  #held = [];
  /** @type {By|null} as the newest view says; null while that may be old */
  #now = null;
  /** @type {By|null} */
  #last = null;
  #tries = 0;
  #isSending = false;
  #renewed = false;
  #wake = () => {};

  /**
   * @param {string} workplace
   * @param {Object} listeners
   * @param {(answer: any) => void} listeners.onAnswer the station's answer to a command
   * @param {(message: string) => void} listeners.onRefused a 4xx or 5xx with its sentence
   * @param {(waiting: Waiting[], tries: number) => void} listeners.onWaiting
   * @param {(held: Waiting[], now: By|null) => void} listeners.onHeld what a person has to decide about
   */
  constructor(workplace, listeners) {
    this.workplace = workplace;
    this.path = `/v1/station/workplaces/${encodeURIComponent(workplace)}`;
    this.family = `commands:${workplace}/`;
    this.key = this.family + crypto.randomUUID();
    this.listeners = listeners;
    void navigator.locks.request(this.key, () => new Promise(() => {})); // until this page is gone
    for (const key of Object.keys(localStorage)) if (key.startsWith(this.family)) void navigator.locks.request(key, () => this.#adopt(key));
  }

  /**
   * Queue a command. Its id, or an empty text when too many wait already: then it was not taken.
   * @param {string} name
   * @param {any} body
   * @param {string|null} [path] where it is sent, where that is not the workplace's own
   */
  add(name, body, path = null) {
    if (this.#waiting.length >= MOST_WAITING) return "";
    const command_id = uuid();
    const follows = this.#waiting.length > 0;
    this.#waiting.push({ command_id, name, body, path, by: this.#now ?? this.#last, at: Date.now(), tried: false, follows, left: false });
    this.#changed();
    void this.#send();
    return command_id;
  }

  /**
   * Do what a supervisor allows with badge and PIN, now or not at all. Where no answer comes, people look and decide.
   * @param {string} name
   * @param {any} body with an `approval`
   * @param {string|null} [path]
   */
  async once(name, body, path = null) {
    if (this.#now === null || this.#isSending) {
      this.listeners.onRefused(say("allow_not_sent"));
      return;
    }
    this.#isSending = true; // what is done meanwhile comes after it
    const [to, told] = this.#request({ command_id: uuid(), name, body, path });
    let reply = await callOnce(to, told);
    if (reply && (await this.#keyWasOld(reply))) reply = await callOnce(to, told); // the door shut before it was read
    this.#isSending = false;
    if (reply) this.#tell(told.command_id, reply);
    else this.listeners.onRefused(say("allow_no_answer"));
    void this.#send();
  }

  /**
   * A view came: this is who works here now, and on what.
   * @param {By} now
   */
  seen(now) {
    this.#now = now;
    this.#last = now;
    this.#wake();
    this.#tellHeld();
    void this.#send();
  }

  /** The connection is lost: whoever is signed in may change without this page. */
  unsure() {
    this.#now = null;
  }

  /** A person wants what is held to be sent now, as whoever is signed in. */
  release() {
    this.#waiting = [...this.#held.map((each) => ({ ...each, left: false, tried: true })), ...this.#waiting];
    this.#held = [];
    this.#changed();
    this.#tellHeld();
    void this.#send();
  }

  /** A person wants what is held to be forgotten. */
  discard() {
    this.#held = [];
    this.#changed();
    this.#tellHeld();
  }

  /**
   * What a page left that is gone; kept as ours before its own list goes.
   * @param {string} key
   */
  #adopt(key) {
    /** @type {Waiting[]} */
    const left = JSON.parse(localStorage.getItem(key) ?? "[]");
    this.#waiting = [...left.map((each, place) => ({ ...each, left: true, follows: place > 0 && each.follows })), ...this.#waiting];
    this.#changed();
    localStorage.removeItem(key);
    void this.#send();
  }

  async #send() {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      const first = this.#waiting[0];
      if (this.#now === null) await this.#pause(0);
      else if (this.#isOfOthers(first, this.#now)) this.#hold();
      else await this.#try(first);
    }
    this.#isSending = false;
  }

  /** @param {Waiting} command */
  async #try(command) {
    if (!command.tried) {
      command.tried = true;
      this.#changed();
    }
    const reply = await call(...this.#request(command));
    if (reply && !(await this.#keyWasOld(reply))) this.#answered(command, reply);
    else await this.#pause(backoffMs(this.#tries++, Math.random()));
  }

  /**
   * Where a command is sent, and what.
   * @param {Pick<Waiting, "command_id"|"name"|"body"|"path">} command
   * @returns {[string, any]}
   */
  #request({ command_id, name, body, path }) {
    return path ? [path, { command_id, workplace: this.workplace, ...body }] : [`${this.path}/${name}`, { command_id, ...body }];
  }

  /**
   * Whether a command may not be booked on who is here now. One of ours that was tried may be done already: its id tells.
   * @param {Waiting} command
   * @param {By} now
   */
  #isOfOthers({ by, at, tried, follows, left }, now) {
    if (follows) return false;
    if (by === null) return left;
    if (left) return by.worker !== now.worker || by.work !== now.work || Date.now() - at > MOST_MINUTES * MINUTE_MS;
    return !tried && by.worker !== now.worker;
  }

  /** Set the first aside, and all that followed on it. */
  #hold() {
    const end = this.#waiting.findIndex((each, place) => place > 0 && !each.follows);
    const many = end < 0 ? this.#waiting.length : end;
    this.#held = [...this.#held, ...this.#waiting.splice(0, many)];
    this.#changed();
    this.#tellHeld();
  }

  /**
   * A restarted station does not know our cookie: fetch a new one and repeat, once. A wrong PIN is no old cookie: each
   * try of it counts.
   * @param {Reply} reply
   */
  async #keyWasOld({ status, body }) {
    const isShut = status === 401 && body.error?.code !== "wrong_pin";
    const old = isShut && !this.#renewed;
    this.#renewed = isShut;
    if (old) await renewKey();
    return old;
  }

  /**
   * @param {Waiting} command
   * @param {Reply} reply
   */
  #answered({ command_id }, reply) {
    this.#waiting.shift();
    this.#tries = 0;
    this.#changed();
    this.#tell(command_id, reply);
  }

  /**
   * @param {string} command_id
   * @param {Reply} reply
   */
  #tell(command_id, { status, body }) {
    if (body.answer) this.listeners.onAnswer({ number: null, command_id, ...body.answer });
    else this.listeners.onRefused(body.error?.message ?? say("no_sentence", { status }));
  }

  /**
   * Wait until a view comes, and no longer than `waitMs` where that is not 0.
   * @param {number} waitMs
   */
  async #pause(waitMs) {
    this.listeners.onWaiting(this.#waiting, this.#tries);
    await new Promise((wake) => {
      this.#wake = () => wake(undefined);
      if (waitMs > 0) setTimeout(wake, waitMs);
    });
  }

  #changed() {
    const all = [...this.#held, ...this.#waiting];
    if (all.length > 0) localStorage.setItem(this.key, JSON.stringify(all));
    else localStorage.removeItem(this.key);
    this.listeners.onWaiting(this.#waiting, this.#tries);
  }

  #tellHeld() {
    this.listeners.onHeld(this.#held, this.#now);
  }
}

/** A UUID of version 7: random, and led by the time, so that the station's store keeps new ones together. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = BigInt(Date.now());
  for (let place = 0; place < 6; place += 1) bytes[place] = Number((time >> BigInt(8 * (5 - place))) & 0xffn);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
