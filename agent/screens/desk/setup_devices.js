/** The devices of the first run: what is plugged in, what it speaks, and a try of each. */
import { h } from "../dom.js";
import { shape } from "../shapes.js";
import { say } from "../words.js";
import { ask, sentenceOf } from "./carer.js";
import { button, worded } from "./it_parts.js";
import { plainName } from "./setup_draft.js";

/** What a device is called at first, by what was found. @type {Record<string, string>} */
const FIRST_NAMES = { "serial port": "device", "print queue": "printer", "network printer": "printer", keyboard: "scanner" };
const PRINTS = new Set(["printer", "receipt_printer"]);

/**
 * One device that was found.
 * @param {import("./setup_draft.js").Found} found
 * @param {import("./setup_draft.js").Draft} draft
 * @param {import("./setup_draft.js").Start} start
 */
export function deviceCard(found, draft, start) {
  const chosen = chosenOf(found, draft);
  const outcome = h("p", { class: "outcome", role: "status", dir: "auto" });
  const acts = h("div", { class: "row" });
  const card = h("li", { class: "card", "data-address": found.address });
  const tellWell = (/** @type {string} */ sign, /** @type {string} */ words) => outcome.replaceChildren(shape(sign), h("span", {}, words));
  const name = nameField(chosen);
  const rename = (/** @type {string} */ words) => {
    chosen.name = words;
    /** @type {HTMLInputElement} */ (name.querySelector("input")).value = words;
  };
  const context = { chosen, found, start, draft, acts, rename, tell: tellWell, redraw: () => drawActs(context) };
  drawActs(context);
  if (chosen.works) tellWell("done", chosen.works);
  card.append(
    h("h2", {}, h("span", { dir: "auto" }, found.name)),
    h("p", { class: "quiet" }, `${worded("setup_sort", found.sort.replaceAll(" ", "_"))} · `, h("code", {}, found.address)),
    found.note ? h("p", {}, found.note) : "",
    h("div", { class: "fields" }, placeField(chosen, draft), name),
    acts,
    outcome,
  );
  return card;
}

/** @param {import("./setup_draft.js").Found} found @param {import("./setup_draft.js").Draft} draft */
function chosenOf(found, draft) {
  const known = draft.devices.find((each) => each.found?.address === found.address);
  if (known) return known;
  const base = FIRST_NAMES[found.sort] ?? plainName(found.sort);
  const chosen = { name: freeName(base, draft), place: "", settings: { ...found.settings }, found, works: "" };
  draft.devices.push(chosen);
  return chosen;
}

/** @param {string} base @param {import("./setup_draft.js").Draft} draft */
function freeName(base, draft) {
  const taken = new Set(draft.devices.map((each) => each.name));
  let number = 1;
  while (taken.has(number === 1 ? base : `${base}-${number}`)) number += 1;
  return number === 1 ? base : `${base}-${number}`;
}

/** @typedef {{chosen: import("./setup_draft.js").Chosen, found: import("./setup_draft.js").Found,
 *   start: import("./setup_draft.js").Start, acts: HTMLElement, draft: import("./setup_draft.js").Draft,
 *   rename: (words: string) => void, tell: (sign: string, words: string) => void, redraw: () => void}} Context */

/** @param {Context} context */
function drawActs(context) {
  const { chosen, found, start } = context;
  const driver = chosen.settings.driver;
  const kind = driver ? start.drivers[driver] : "";
  context.acts.replaceChildren(
    ...[
      found.sort === "serial port" ? button(`scale ${found.address}`, "weigh", say("setup_ask_scale"), () => void probe(context, false)) : null,
      found.sort === "serial port" ? button(`scanner ${found.address}`, "scan_item", say("setup_ask_scanner"), () => void probe(context, true)) : null,
      driver ? button(`try ${found.address}`, "current", say(`setup_try_${PRINTS.has(kind) ? "printer" : kind}`), () => void attempt(context, kind)) : null,
      PRINTS.has(kind) ? button(`print ${found.address}`, "label", say("it_test_print"), () => void print(context)) : null,
    ].filter((each) => each !== null),
  );
}

/** @param {Context} context @param {boolean} scanner */
async function probe(context, scanner) {
  context.tell("wait", say(scanner ? "setup_scan_now" : "setup_probing"));
  const reply = await ask("/v1/setup/probe", { port: context.found.settings.port, scanner });
  if (reply?.status !== 200) return context.tell("refused", sentenceOf(reply, say("setup_silent")));
  const [best] = reply.body.matches;
  if (!best) return context.tell("ask", say(scanner ? "setup_no_scan" : "setup_no_match"));
  context.chosen.settings = best;
  if (/^device(-\d+)?$/.test(context.chosen.name)) context.rename(freeName(scanner ? "scanner" : "scale", context.draft));
  context.redraw();
  return context.tell("done", say("setup_speaks", { driver: best.driver, rate: best.baudrate ?? "" }));
}

/** @param {Context} context @param {string} kind */
async function attempt(context, kind) {
  context.tell("wait", say(`setup_now_${PRINTS.has(kind) ? "printer" : kind}`));
  const reply = await ask("/v1/setup/trial", { settings: context.chosen.settings });
  if (reply?.status !== 200) return context.tell("refused", sentenceOf(reply, say("setup_silent")));
  const { works, told } = reply.body;
  if (!works) return context.tell("ask", lastSaid(told) || say("setup_nothing_came"));
  context.chosen.works = workedWords(told);
  return context.tell("done", context.chosen.works);
}

/** @param {Context} context */
async function print(context) {
  context.tell("wait", say("it_under_way"));
  const reply = await ask("/v1/setup/test-print", { settings: context.chosen.settings });
  context.tell(reply?.status === 200 ? "ask" : "refused", reply?.status === 200 ? reply.body.sentence : sentenceOf(reply, say("setup_silent")));
}

/** @param {any[]} told */
function workedWords(told) {
  const scan = [...told].reverse().find((each) => each.kind === "scan");
  if (scan) return say("setup_read", { code: readable(scan.data) });
  const weight = [...told].reverse().find((each) => each.kind === "weight");
  return weight ? say("setup_weighed", { weight: `${weight.value} ${weight.unit}` }) : say("setup_ready");
}

/** @param {any[]} told */
function lastSaid(told) {
  const state = [...told].reverse().find((each) => each.kind === "state");
  return state && state.state === "away" ? `${state.sentence} ${state.next_step}`.trim() : "";
}

/** The text of bytes in hex; what is no text is shown as a dot. @param {string} hex */
function readable(hex) {
  const bytes = hex.match(/../g) ?? [];
  return bytes.map((each) => String.fromCharCode(parseInt(each, 16))).join("").replace(/[^ -~]/g, "·");
}

/** @param {import("./setup_draft.js").Chosen} chosen @param {import("./setup_draft.js").Draft} draft */
function placeField(chosen, draft) {
  const select = /** @type {HTMLSelectElement} */ (
    h("select", {}, h("option", { value: "" }, say("setup_not_used")), ...draft.places.map(({ name }) => h("option", { value: name, selected: chosen.place === name }, name)))
  );
  select.addEventListener("change", () => (chosen.place = select.value));
  return h("label", {}, say("setup_at_place"), select);
}

/** @param {import("./setup_draft.js").Chosen} chosen */
function nameField(chosen) {
  const input = /** @type {HTMLInputElement} */ (h("input", { value: chosen.name, maxlength: 40, spellcheck: "false", autocomplete: "off" }));
  input.addEventListener("input", () => (chosen.name = plainName(input.value)));
  return h("label", {}, say("setup_its_name"), input);
}
