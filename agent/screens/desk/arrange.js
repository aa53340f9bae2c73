/** Arranging work: who picks which list and how soon, waves, and tasks that no list says. */
import { h, tell } from "../dom.js";
import { shape } from "../shapes.js";
import { moment, say } from "../words.js";
import { DeskPanel } from "./panel.js";
import { tableOf } from "./tables.js";
import { card, storyLink } from "./today.js";

/**
 * @typedef {{picklist_id: string, status: string, priority: string, worker_id: string|null, fulfillment_ids: string[],
 *   tasks: {status: string}[]}} Picklist
 * @typedef {{task_id: string, type: string, instructions: string, subject: string|null, zone: string|null, priority: string,
 *   worker_id: string|null, due_at: string|null, status: string}} HandTask
 * @typedef {{worker_id: string, name: string}} Worker
 * @typedef {{may: boolean, lists: Picklist[], tasks: HandTask[], workers: Worker[], chosen: string|null, now: string}} Arranged
 */
const PRIORITIES = ["urgent", "high", "normal", "low"];
const TASK_TYPES = ["count", "inspection", "qc", "pack", "label", "other"];

class ArrangeView extends DeskPanel {
  /** @param {Arranged} data */
  draw({ may, lists, tasks, workers, chosen, now }) {
    const names = new Map(workers.map((each) => [each.worker_id, each.name]));
    const list = lists.find((each) => each.picklist_id === chosen);
    return [
      may ? null : h("p", { class: "notice note" }, shape("note"), say("sv_sign_in_to_arrange")),
      card(say("sv_lists", { n: lists.length }), lists.length === 0 ? h("p", { class: "quiet" }, say("sv_no_lists")) : this.#lists(lists, names, chosen)),
      list ? this.#chosen(list, workers, may) : null,
      h("div", { class: "two" }, this.#wave(may), this.#newTask(workers, may)),
      card(say("sv_tasks", { n: tasks.length }), tasks.length === 0 ? h("p", { class: "quiet" }, say("sv_no_tasks")) : tasksTable(tasks, names, now)),
    ];
  }

  /**
   * @param {Picklist[]} lists
   * @param {Map<string, string>} names
   * @param {string|null} chosen
   */
  #lists(lists, names, chosen) {
    const columns = [say("sv_list"), say("sv_state"), say("sv_priority"), say("sv_lines"), say("sv_orders"), say("sv_picker")];
    const rows = lists.map((each) => [
      each.picklist_id,
      say(`sv_list_${each.status}`),
      say(`sv_priority_${each.priority}`),
      say("sv_done_of", { done: each.tasks.filter((task) => task.status !== "open").length, of: each.tasks.length }),
      each.fulfillment_ids.length,
      each.worker_id ? (names.get(each.worker_id) ?? each.worker_id) : "–",
    ]);
    const choose = (/** @type {number} */ row, /** @type {number} */ column, /** @type {string} */ text) => {
      if (column) return text;
      const press = () => tell(this, "choose", text);
      return h("button", { type: "button", class: "link", "aria-pressed": String(text === chosen), "data-key": `list ${text}`, on: { click: press } }, h("code", {}, text));
    };
    return tableOf({ name: "picklists", columns, rows }, choose);
  }

  /**
   * @param {Picklist} list
   * @param {Worker[]} workers
   * @param {boolean} may
   */
  #chosen(list, workers, may) {
    const path = `/v1/station/picklists/${encodeURIComponent(list.picklist_id)}`;
    const button = (/** @type {string} */ words, /** @type {string} */ what, /** @type {any} */ body, pressed = false) =>
      h(
        "button",
        { type: "button", disabled: !may, "aria-pressed": String(pressed), "data-key": `${what} ${JSON.stringify(body)}`, on: { click: () => tell(this, "act", { path: `${path}/${what}`, body }) } },
        words,
      );
    const reason = /** @type {HTMLInputElement} */ (h("input", { type: "text", id: "release-reason", "data-key": `reason ${list.picklist_id}`, maxlength: 120, autocomplete: "off", disabled: !may }));
    const release = () => (reason.value.trim() ? tell(this, "act", { path: `${path}/release`, body: { reason: reason.value.trim() } }) : reason.focus());
    const runs = list.status === "in_progress";
    return card(
      say("sv_chosen_list", { id: list.picklist_id }),
      h("p", {}, storyLink(this, { thing: "picklist", id: list.picklist_id }, say("sv_its_story"))),
      h("h3", {}, say("sv_priority")),
      h("div", { class: "row" }, ...PRIORITIES.map((each) => button(say(`sv_priority_${each}`), "prioritise", { priority: each }, each === list.priority))),
      h("h3", {}, say("sv_give_to")),
      h(
        "div",
        { class: "row" },
        ...workers.map((each) => button(each.name, "give", { to_worker_id: each.worker_id }, each.worker_id === list.worker_id)),
        button(say("sv_anybody"), "give", { to_worker_id: null }),
      ),
      runs ? h("h3", {}, say("sv_put_aside")) : null,
      runs
        ? h(
            "div",
            { class: "row" },
            h("label", { for: "release-reason" }, say("sv_reason")),
            reason,
            h("button", { type: "button", disabled: !may, "data-key": "release", on: { click: release } }, say("sv_release")),
          )
        : null,
    );
  }

  /** @param {boolean} may */
  #wave(may) {
    const orders = /** @type {HTMLTextAreaElement} */ (h("textarea", { id: "wave-orders", "data-key": "wave orders", rows: 3, autocomplete: "off", spellcheck: "false", disabled: !may }));
    const priority = select("wave-priority", PRIORITIES.map((each) => [each, say(`sv_priority_${each}`)]), "normal", may);
    const zone = field("wave-zone", may);
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      const ids = orders.value.split(/[\s,;]+/).filter(Boolean);
      if (ids.length === 0) orders.focus();
      else tell(this, "act", { path: "/v1/station/waves", body: { fulfillment_ids: ids, priority: priority.value, zone: zone.value.trim() || null }, clears: ["wave orders"] });
    };
    return card(
      say("sv_wave"),
      h("form", { on: { submit } }, labelled("wave-orders", "sv_wave_orders", orders), labelled("wave-priority", "sv_priority", priority), labelled("wave-zone", "sv_zone", zone), sendButton("sv_ask_wave", may)),
    );
  }

  /**
   * @param {Worker[]} workers
   * @param {boolean} may
   */
  #newTask(workers, may) {
    const type = select("task-type", TASK_TYPES.map((each) => [each, say(`sv_task_${each}`)]), "count", may);
    const what = field("task-what", may, 500);
    const priority = select("task-priority", PRIORITIES.map((each) => [each, say(`sv_priority_${each}`)]), "normal", may);
    const who = select("task-who", [["", say("sv_anybody")], ...workers.map((each) => [each.worker_id, each.name])], "", may);
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      const body = { type: type.value, instructions: what.value.trim(), priority: priority.value, to_worker_id: who.value || null };
      if (body.instructions) tell(this, "act", { path: "/v1/station/tasks", body, clears: ["task-what"] });
      else what.focus();
    };
    return card(
      say("sv_new_task"),
      h(
        "form",
        { on: { submit } },
        labelled("task-what", "sv_instructions", what),
        labelled("task-type", "sv_kind", type),
        labelled("task-priority", "sv_priority", priority),
        labelled("task-who", "sv_for", who),
        sendButton("sv_make_task", may),
      ),
    );
  }
}
customElements.define("arrange-view", ArrangeView);

/**
 * @param {HandTask[]} tasks
 * @param {Map<string, string>} names
 * @param {string} now
 */
function tasksTable(tasks, names, now) {
  const columns = [say("sv_instructions"), say("sv_kind"), say("sv_priority"), say("sv_for"), say("sv_state"), say("sv_due")];
  const rows = tasks.map((each) => [
    each.instructions,
    say(`sv_task_${each.type}`),
    say(`sv_priority_${each.priority}`),
    each.worker_id ? (names.get(each.worker_id) ?? each.worker_id) : say("sv_anybody"),
    say(`sv_task_is_${each.status}`),
    each.due_at ? moment(each.due_at, Date.parse(now)) : "–",
  ]);
  return tableOf({ name: "tasks", columns, rows });
}

/**
 * @param {string} id
 * @param {string} words
 * @param {HTMLElement} control
 */
function labelled(id, words, control) {
  return h("p", { class: "field" }, h("label", { for: id }, say(words)), control);
}

/**
 * @param {string} id
 * @param {boolean} may
 */
function field(id, may, maxlength = 120) {
  return /** @type {HTMLInputElement} */ (h("input", { type: "text", id, "data-key": id, maxlength, autocomplete: "off", disabled: !may }));
}

/**
 * @param {string} id
 * @param {string[][]} options pairs of value and words
 * @param {string} chosen
 * @param {boolean} may
 */
function select(id, options, chosen, may) {
  const drawn = options.map(([value, words]) => h("option", { value, selected: value === chosen }, words));
  return /** @type {HTMLSelectElement} */ (h("select", { id, "data-key": id, disabled: !may }, ...drawn));
}

/**
 * @param {string} words
 * @param {boolean} may
 */
function sendButton(words, may) {
  return h("button", { type: "submit", class: "primary", disabled: !may, "data-key": words }, say(words));
}
