/** What the worker did and the station has not answered yet: kept across a reload, sent one at a time and in order. */
import { backoffMs, call, renewKey } from "./station.js";

const MOST_WAITING = 200;

export class Commands {
  #waiting;
  #tries = 0;
  #wake = () => {};
  #renewed = false;

  /**
   * @param {string} workplace
   * @param {Object} listeners
   * @param {(answer: any) => void} listeners.onAnswer the station's answer to a command
   * @param {(message: string) => void} listeners.onRefused a 4xx or 5xx with its sentence
   * @param {(waiting: {command_id: string, name: string, body: any}[], tries: number) => void} listeners.onWaiting
   */
  constructor(workplace, listeners) {
    this.path = `/v1/station/workplaces/${encodeURIComponent(workplace)}`;
    this.key = `commands:${workplace}`;
    this.listeners = listeners;
    this.#waiting = JSON.parse(sessionStorage.getItem(this.key) ?? "[]");
    if (this.#waiting.length > 0) this.#send();
  }

  /** Queue a command. False when too many wait already: then it was not taken. */
  add(name, body) {
    if (this.#waiting.length >= MOST_WAITING) return false;
    this.#waiting.push({ command_id: uuid(), name, body });
    this.#changed();
    if (this.#waiting.length === 1) this.#send();
    return true;
  }

  /** The station is back: do not wait out the pause. */
  nudge() {
    this.#wake();
  }

  async #send() {
    this.#changed();
    while (this.#waiting.length > 0) {
      const { command_id, name, body } = this.#waiting[0];
      const reply = await call(`${this.path}/${name}`, { command_id, ...body });
      if (reply && !(await this.#keyWasOld(reply))) this.#answered(reply);
      else await this.#pause();
    }
  }

  /** A restarted station does not know our cookie: fetch a new one and repeat, once. */
  async #keyWasOld(reply) {
    const old = reply.status === 401 && !this.#renewed;
    this.#renewed = reply.status === 401;
    if (old) await renewKey();
    return old;
  }

  #answered({ status, body }) {
    this.#waiting.shift();
    this.#tries = 0;
    this.#changed();
    if (body.answer) this.listeners.onAnswer(body.answer);
    else this.listeners.onRefused(body.error?.message ?? `The station answered with status ${status} and no sentence.`);
  }

  async #pause() {
    const waitMs = backoffMs(this.#tries++, Math.random());
    this.#changed();
    await new Promise((wake) => {
      this.#wake = wake;
      setTimeout(wake, waitMs);
    });
  }

  #changed() {
    sessionStorage.setItem(this.key, JSON.stringify(this.#waiting));
    this.listeners.onWaiting(this.#waiting, this.#tries);
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
