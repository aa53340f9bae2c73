/** What waits for a supervisor: work that HQ took back, facts that HQ refused, and orders that should have left. */
import { h, tell } from "../dom.js";
import { shape } from "../shapes.js";
import { has, moment, say } from "../words.js";
import { DeskPanel } from "./panel.js";
import { tableOf } from "./tables.js";
import { card, duration, storyLink, thingWord } from "./today.js";

/**
 * @typedef {{exception_id: string, work: string, id: string, sentence: string, state: string, proposed: string, steps: string[]}} Waiting
 * @typedef {{seq: number, entity: string, kind: string, reason: string}} Parked
 */
const SHORTEST_NOTE = 3;

class DecideView extends DeskPanel {
  /** @param {{may: boolean, exceptions: Waiting[], parked: Record<string, Parked[]>, late: any[], now: string}} data */
  draw({ may, exceptions, parked, late, now }) {
    const entities = Object.entries(parked).flatMap(([lane, facts]) => grouped(facts).map((group) => ({ lane, ...group })));
    return [
      may ? null : h("p", { class: "notice note" }, shape("note"), say("sv_sign_in_to_decide")),
      card(
        say("sv_exceptions", { n: exceptions.length }),
        exceptions.length === 0 ? h("p", { class: "quiet" }, say("sv_no_exceptions")) : null,
        ...exceptions.map((each) => this.#exception(each, may)),
      ),
      card(
        say("sv_parked_records", { n: entities.length }),
        entities.length === 0 ? h("p", { class: "quiet" }, say("sv_no_parked")) : null,
        ...entities.map((each) => this.#parked(each, may)),
      ),
      card(say("sv_late", { n: late.length }), late.length === 0 ? h("p", { class: "quiet" }, say("sv_no_late")) : this.#late(late, now)),
    ];
  }

  /**
   * @param {Waiting} each
   * @param {boolean} may
   */
  #exception(each, may) {
    const steps = [...new Set([each.proposed, ...each.steps])].filter((step) => each.steps.includes(step));
    const button = (/** @type {string} */ step) => {
      const press = () => tell(this, "act", { path: `/v1/station/exceptions/${encodeURIComponent(each.exception_id)}/decide`, body: { choice: step } });
      const name = has(`sv_step_${step}`) ? say(`sv_step_${step}`) : step;
      const proposed = step === each.proposed;
      return h(
        "button",
        { type: "button", class: proposed ? "primary" : "", disabled: !may, "data-key": `${each.exception_id} ${step}`, on: { click: press } },
        proposed ? say("sv_proposed", { step: name }) : name,
      );
    };
    return h(
      "article",
      { class: "case", "data-exception": each.exception_id },
      h("p", { class: "what" }, shape("ask"), h("span", { dir: "auto" }, each.sentence)),
      h("p", {}, thingWord(each.work), " ", storyLink(this, { thing: each.work, id: each.id })),
      h("div", { class: "row" }, ...steps.map(button)),
    );
  }

  /**
   * @param {{lane: string, entity: string, facts: Parked[]}} each
   * @param {boolean} may
   */
  #parked({ lane, entity, facts }, may) {
    const path = `/v1/station/lanes/${encodeURIComponent(lane)}/parked/${encodeURIComponent(entity)}`;
    const key = `${lane} ${entity}`;
    const [thing, id] = split(entity);
    const note = /** @type {HTMLInputElement} */ (
      h("input", { type: "text", "data-key": `note ${key}`, id: `note ${key}`, maxlength: 300, autocomplete: "off", disabled: !may })
    );
    const settle = () => {
      if (note.value.trim().length < SHORTEST_NOTE) note.focus();
      else tell(this, "act", { path: `${path}/settle`, body: { note: note.value.trim() }, plain: true, done: say("sv_settled", { entity }) });
    };
    const again = () => tell(this, "act", { path: `${path}/retry`, body: {}, plain: true, done: say("sv_sent_again", { entity }) });
    return h(
      "article",
      { class: "case", "data-parked": entity },
      h("p", { class: "what" }, shape("refused"), h("span", { dir: "auto" }, facts[0].reason)),
      h("p", {}, say("sv_parked_facts", { n: facts.length, lane, kinds: [...new Set(facts.map((each) => each.kind))].join(", ") }), " ", storyLink(this, { thing, id })),
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", class: "primary", disabled: !may, "data-key": `again ${key}`, on: { click: again } }, say("sv_send_again")),
      ),
      h(
        "div",
        { class: "row" },
        h("label", { for: `note ${key}` }, say("sv_how_hq_knows")),
        note,
        h("button", { type: "button", disabled: !may, "data-key": `settle ${key}`, on: { click: settle } }, say("sv_hq_knows")),
      ),
    );
  }

  /**
   * @param {any[]} late
   * @param {string} now
   */
  #late(late, now) {
    const columns = [say("sv_order"), say("sv_late_by"), say("sv_wanted_by"), say("sv_state")];
    const rows = late.map((each) => [
      each.order_id,
      duration(Math.floor(each.late_s / 60)),
      moment(each.requested_ship_date, Date.parse(now)),
      has(`sv_session_${each.status}`) ? say(`sv_session_${each.status}`) : each.status,
    ]);
    const draw = (/** @type {number} */ row, /** @type {number} */ column, /** @type {string} */ text) =>
      column ? text : this.#order(late[row], text);
    return tableOf({ name: "late orders", columns, rows }, draw);
  }

  /**
   * @param {{fulfillment_id: string}} order
   * @param {string} text
   */
  #order(order, text) {
    const press = () => tell(this, "story", { thing: "fulfillment", id: order.fulfillment_id });
    return h("button", { type: "button", class: "link", "data-key": `late ${order.fulfillment_id}`, on: { click: press } }, h("code", {}, text));
  }
}
customElements.define("decide-view", DecideView);

/**
 * The facts of each entity together: they are sent, or settled, together.
 * @param {Parked[]} facts
 */
function grouped(facts) {
  /** @type {Map<string, Parked[]>} */
  const found = new Map();
  for (const each of facts) found.set(each.entity, [...(found.get(each.entity) ?? []), each]);
  return [...found].map(([entity, own]) => ({ entity, facts: own }));
}

/**
 * `fulfillment:F-1` as the thing and its id.
 * @param {string} entity
 */
function split(entity) {
  const at = entity.indexOf(":");
  return [entity.slice(0, at), entity.slice(at + 1)];
}
