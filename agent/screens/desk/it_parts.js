/** What IT's panels share: the members of the view, states with their shapes, and figures with units. */
import { h } from "../dom.js";
import { shape } from "../shapes.js";
import { age, has, moment, say } from "../words.js";

/**
 * @typedef {{kind: string, text: string, characters: number, symbology: string|null, at: string}} LastReading
 * @typedef {{name: string, driver: string, kind: string, state: string, sentence: string, next_step: string,
 *   commands: string[], wire: string, last: LastReading|null}} ItDevice
 * @typedef {{workplace: string, work: string, devices: ItDevice[]}} ItPlace
 * @typedef {{lane: string, state: string, since: string|null, sentence: string, reason: string, unsent: number,
 *   oldest_unsent_at: string|null, parked: number, not_deliverable: number, dialect: string, url: string,
 *   answered_at: string|null, next_try_at: string|null, requests: Record<string, number>}} ItLane
 * @typedef {{problem_id: string, sentence: string, next_step: string, since: string}} ItProblem
 * @typedef {{room: string, free_bytes: number, size_bytes: number, days_left: number|null}} Disk
 * @typedef {{last_backup: {file: string, at: string, facts: number}|null, backup_age_s: number|null,
 *   last_look: {at: string, seconds: number, facts: number, damaged_rows: number}|null}} Care
 * @typedef {{lineage: string, fenced: string|null, conflicts: {subject: string, sentence: string}[],
 *   numbers: Record<string, {left: number, days_left: number}>}} Identity
 * @typedef {{station: string, version: string, language: string, training: boolean, now: string, carer: boolean,
 *   facts: number, epoch: number, places: ItPlace[], lanes: ItLane[], disk: Disk, store: Care, identity: Identity,
 *   problems: ItProblem[]}} ItView
 */

/** State of a device or lane -> its shape. @type {Record<string, string>} */
const SHAPES = { ready: "good", reachable: "good", away: "away", unreachable: "away", paused: "paused", unknown: "unknown" };

/** A state as a shape with its word. @param {string} state @param {string} word */
export function stateMark(state, word) {
  return h("span", { class: `mark ${state}` }, shape(SHAPES[state] ?? "unknown"), word);
}

/**
 * A fact with its name: rows of a list.
 * @param {string} name
 * @param {...(Node|string|null)} told
 */
export function fact(name, ...told) {
  return h("div", { class: "fact" }, h("dt", {}, name), h("dd", {}, ...told));
}

/** How long ago, in words. @param {string|null} at @param {string} never */
export function ago(at, never) {
  return at === null ? never : say("ago", { age: age(at, Date.now()) });
}

/** A time with its age behind it. @param {string|null} at @param {string} never */
export function momentAgo(at, never) {
  return at === null ? never : `${moment(at, Date.now())} · ${ago(at, never)}`;
}

/** Words that depend on a state of the station; its own name where there are none. @param {string} prefix @param {string} name */
export function worded(prefix, name) {
  const key = `${prefix}_${name.replaceAll("-", "_")}`;
  return has(key) ? say(key) : name;
}

/** Bytes of a disk for people. @param {number} bytes */
export function gigabytes(bytes) {
  return say("gigabytes", { n: (bytes / 1e9).toFixed(1) });
}

/**
 * A button of a desk.
 * @param {string} key under which it keeps the focus when its panel is drawn anew
 * @param {string} sign
 * @param {string} words
 * @param {() => void} press
 * @param {Record<string, any>} [more]
 */
export function button(key, sign, words, press, more = {}) {
  return h("button", { type: "button", "data-key": key, ...more, on: { click: press } }, sign ? shape(sign) : null, words);
}
