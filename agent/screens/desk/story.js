/** What happened to one thing, oldest first; and what a code that was scanned or typed may mean. */
import { h, tell } from "../dom.js";
import { shape } from "../shapes.js";
import { has, say } from "../words.js";
import { DeskPanel } from "./panel.js";
import { save, tableBehind } from "./tables.js";
import { card, storyLink, thingWord } from "./today.js";

/**
 * @typedef {import("./today.js").Thing} Thing
 * @typedef {{at: string, action: string, actor: string|null, device: string, place: string|null, details: Record<string, any>,
 *   station: string, seq: number, hash: string, sound: boolean}} Step
 * @typedef {{asked: string, thing: Thing|null, things: Thing[], steps: Step[]|null, complete: boolean, sentence: string, may: boolean,
 *   workers: {worker_id: string, name: string}[]}} Told
 */

/** What a step is best told by, in this order. */
const TOLD = ["code", "location_id", "sku", "qty", "picked", "packed", "reason", "weight_mg", "sscc", "tote_id", "carrier", "note", "priority", "to", "copy_no", "choice"];
const PROVED = new Set(["package", "fulfillment"]);
const MG_PER_KG = 1_000_000;

class StoryView extends DeskPanel {
  /** @param {Told} told */
  draw(told) {
    if (!told.thing) return [this.#found(told)];
    const title = say("sv_story_of", { thing: thingWord(told.thing.thing), id: told.thing.id });
    const steps = told.steps;
    if (!steps) return [card(title, h("p", { class: "notice note" }, shape("note"), h("span", { dir: "auto" }, told.sentence)))];
    const names = new Map(told.workers.map((each) => [each.worker_id, each.name]));
    return [
      card(
        title,
        h("div", { class: "row" }, this.#proof(told.thing, told.may), ...this.#others(told)),
        told.complete ? null : h("p", { class: "notice ask" }, shape("ask"), say("sv_story_not_whole")),
        h("ol", { class: "story" }, ...steps.map((each, place) => step(each, steps[place - 1], names))),
        tableBehind(asTable(told.thing, steps, names)),
      ),
    ];
  }

  /** @param {Told} told */
  #found({ asked, things, sentence }) {
    if (!asked) return card(say("sv_story"), h("p", { class: "quiet" }, say("sv_scan_any")));
    if (sentence) return card(asked, h("p", { class: "notice note" }, shape("note"), h("span", { dir: "auto" }, sentence)));
    if (things.length === 0) return card(asked, h("p", { class: "notice note" }, shape("note"), say("sv_means_nothing", { code: asked })));
    return card(say("sv_means_several", { code: asked }), h("ul", { class: "found" }, ...things.map((each) => h("li", {}, thingWord(each.thing), " ", storyLink(this, each)))));
  }

  /** @param {Told} told */
  #others({ thing, things }) {
    const others = things.filter((each) => each.thing !== thing?.thing || each.id !== thing.id);
    return others.length === 0 ? [] : [h("span", { class: "quiet" }, say("sv_also")), ...others.map((each) => storyLink(this, each))];
  }

  /**
   * @param {Thing} thing
   * @param {boolean} may
   */
  #proof({ thing, id }, may) {
    if (!PROVED.has(thing)) return null;
    const press = () => tell(this, "proof", { id });
    return h("button", { type: "button", disabled: !may, "data-key": "proof", on: { click: press } }, say(may ? "sv_proof" : "sv_proof_signed_in"));
  }
}
customElements.define("story-view", StoryView);

/**
 * Hand a proof to the person as a file.
 * @param {string} id
 * @param {string} text
 */
export function saveProof(id, text) {
  save(`proof ${id.replace(/[^\w.-]+/g, "_")}.json`, text, "application/json");
}

/**
 * @param {Step} each
 * @param {Step|undefined} before
 * @param {Map<string, string>} names
 */
function step(each, before, names) {
  const at = new Date(each.at);
  const day = at.toDateString() === (before ? new Date(before.at).toDateString() : "") ? null : at.toLocaleDateString(document.documentElement.lang, { dateStyle: "full" });
  return h(
    "li",
    { "data-action": each.action },
    day ? h("p", { class: "day" }, day) : null,
    h("time", { datetime: each.at }, at.toLocaleTimeString(document.documentElement.lang, { hourCycle: "h23" })),
    h(
      "div",
      {},
      h("p", {}, h("b", {}, happened(each.action)), " ", h("span", { dir: "auto" }, summary(each.details))),
      h("p", { class: "quiet" }, [who(each, names), placeOf(each), each.device !== each.station ? each.device : ""].filter(Boolean).join(" · ")),
      each.sound ? null : h("p", { class: "notice refused" }, shape("refused"), say("sv_row_changed", { seq: each.seq })),
    ),
  );
}

/**
 * What happened, in words; where we have none, by its name.
 * @param {string} action
 */
function happened(action) {
  const key = `sv_did_${action.replace(".", "_")}`;
  return has(key) ? say(key) : action.replaceAll(/[._]/g, " ");
}

/** @param {Record<string, any>} details */
function summary(details) {
  return TOLD.filter((name) => details[name] !== undefined && details[name] !== null && details[name] !== "")
    .filter((name) => name !== "reason" || details.code === undefined) // of a wrong scan it is the name of an answer, for programs
    .map((name) => (name === "weight_mg" ? `${details[name] / MG_PER_KG} kg` : has(`sv_detail_${name}`) ? say(`sv_detail_${name}`, { value: details[name] }) : String(details[name])))
    .join(" · ");
}

/**
 * @param {Step} each
 * @param {Map<string, string>} names
 */
function who({ actor }, names) {
  return actor ? (names.get(actor) ?? actor) : say("sv_by_itself");
}

/**
 * Where it was, unless what happened says so itself.
 * @param {Step} each
 */
function placeOf({ place, details }) {
  return place && place !== details.location_id ? place : "";
}

/**
 * @param {Thing} thing
 * @param {Step[]} steps
 * @param {Map<string, string>} names
 */
function asTable({ thing, id }, steps, names) {
  const columns = [say("sv_time"), say("sv_what"), say("sv_who"), say("sv_place"), say("sv_device"), say("sv_details"), say("sv_row")];
  const rows = steps.map((each) => [each.at, each.action, who(each, names), each.place === each.details.location_id ? "" : (each.place ?? ""), each.device, summary(each.details), each.seq]);
  return { name: `story ${thing} ${id}`, columns, rows };
}
