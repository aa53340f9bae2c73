/** What an action still wants, asked one thing after another, until it can be done. */
import { h, tell } from "./dom.js";
import { shape } from "./shapes.js";
import { say } from "./words.js";

/** @import {Action, Tile} from "./station.js" */

/**
 * Ask for what an action still wants; do it when it wants nothing.
 * @param {Element} panel who tells of it
 * @param {Action} action
 */
export function ask(panel, action) {
  if (action.reasons?.length) tell(panel, "mode", { mode: "reasons", action });
  else if (action.pad === "photo") choosePhoto(panel, action);
  else if (action.pad) tell(panel, "mode", { mode: "pad", action });
  else finish(panel, action, action.body);
}

/**
 * One thing that was asked is said: ask for the next, or do it. A tile may say more, and have its own questions.
 * @param {Element} panel
 * @param {Action} action
 * @param {any} value
 * @param {Partial<Tile>} [tile]
 */
export function said(panel, action, value, tile = {}) {
  const body = { ...action.body, ...tile.body, [action.member]: value };
  const [next, ...then] = tile.then ?? action.then ?? [];
  if (next) ask(panel, { ...action, ...next, body, then, root: action.root ?? action });
  else finish(panel, action, body);
}

/**
 * Nothing more is to be said of it: do it, or ask a supervisor first.
 * @param {Element} panel
 * @param {Action} action
 * @param {Record<string, any>} body
 */
function finish(panel, action, body) {
  if (action.allowed) doIt(panel, action, { ...action.allowed, approval: body });
  else if (action.approval) askSupervisor(panel, action, whole(action, body));
  else doIt(panel, action, whole(action, body));
}

/**
 * @param {Element} panel
 * @param {Action} action
 * @param {Record<string, any>} body
 */
function doIt(panel, action, body) {
  tell(panel, "command", { name: action.do, body, path: action.path });
  tell(panel, "mode", { mode: "work" });
}

/**
 * Ask for badge and PIN of a second person. The station's own scanner would sign them in: there the badge is keyed.
 * @param {Element} panel
 * @param {Action} action
 * @param {Record<string, any>} allowed what is to be allowed
 */
function askSupervisor(panel, action, allowed) {
  const words = document.body.dataset.scanner === "station" ? "supervisor_badge_keyed" : "supervisor_badge";
  /** @type {import("./station.js").Step} */
  const badge = { ask: say(words), member: "badge", reasons: null, pad: "text" };
  /** @type {import("./station.js").Step} */
  const pin = { ask: say("supervisor_pin"), member: "pin", reasons: null, pad: "pin" };
  ask(panel, { ...action, ...badge, body: {}, then: [pin], allowed, root: action.root ?? action });
}

/**
 * @param {Action} action
 * @param {Record<string, any>} body
 */
function whole(action, body) {
  return action.wrap ? { [action.wrap]: [body] } : { ...body };
}

/**
 * The device's own camera or its files; the field is never part of the page, so nothing can be typed into it.
 * @param {Element} panel
 * @param {Action} action
 */
function choosePhoto(panel, action) {
  const field = h("input", { type: "file", accept: "image/*", capture: "environment" });
  field.addEventListener("change", () => {
    const [file] = field.files ?? [];
    if (file) tell(panel, "photo", { action, file });
  });
  field.click();
}

/**
 * The button that leaves what is asked.
 * @param {Element} panel
 */
export function backButton(panel) {
  const press = () => tell(panel, "mode", { mode: "work" });
  return h("button", { type: "button", class: "back", "data-key": "back", on: { click: press } }, shape("back"), say("back"));
}
