/** The report of a shift: chosen by its times, for the screen, for A4, and for the receipt printer. */
import { h, tell } from "../dom.js";
import { say, speak, spoken } from "../words.js";
import { ask, saidBy } from "./ask.js";
import { THEME } from "./head.js";
import { DeskPanel } from "./panel.js";
import { csvOf, save } from "./tables.js";
import { duration } from "./today.js";

/**
 * @typedef {{station: string, since: string, until: string, picked_orders: number, packed_orders: number, picked_lines: number,
 *   picked_units: string, packed_units: string, packed_parcels: number, short_lines: number, refusals: number, mis_scans: number,
 *   exceptions_open: number, labels_wanted: number, labels_proved: number, labels_doubted: number, labels_asking: number,
 *   labels_waiting: number, labels_reprinted: number, labels_voided: number, shorts: {reason: string, lines: number}[],
 *   people: import("./today.js").Labour[], unknown: string[],
 *   backlog: {lane: string, unsent: number, oldest: string, parked: number, not_deliverable: number}[]}} Report
 */

const HOUR_MS = 3_600_000;
const USUAL_HOURS = 8;
const QUICK_HOURS = [8, 10, 12];
const WELL = 200;
const KINDS = ["work", "desk"];
/** What is counted, in the order of the work. */
const COUNTS = /** @type {const} */ ([
  "picked_orders", "picked_lines", "picked_units", "packed_orders", "packed_units", "packed_parcels", "short_lines", "mis_scans",
  "exceptions_open", "labels_wanted", "labels_proved", "labels_doubted", "labels_reprinted", "labels_voided", "labels_asking", "labels_waiting",
]);

const state = {
  since: 0,
  until: 0,
  /** @type {Report|null} */
  report: null,
};

class ReportTimes extends DeskPanel {
  /** @param {{since: number, until: number, ready: boolean}} data */
  draw({ since, until, ready }) {
    const from = moment("since", since);
    const to = moment("until", until);
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      tell(this, "times", { since: Date.parse(from.value), until: Date.parse(to.value) });
    };
    const quick = (/** @type {number} */ n) => {
      const now = Date.now();
      return button(`last ${n}`, say("sv_last_hours", { n }), () => tell(this, "times", { since: now - n * HOUR_MS, until: now }));
    };
    return [
      h("div", { class: "row" }, h("a", { class: "button", href: "/supervise" }, say("sv_back_to_desk")), ...QUICK_HOURS.map(quick)),
      h(
        "form",
        { class: "row", on: { submit } },
        h("label", { for: "since" }, say("sv_from")),
        from,
        h("label", { for: "until" }, say("sv_to")),
        to,
        h("button", { type: "submit", "data-key": "times" }, say("sv_show")),
      ),
      h(
        "div",
        { class: "row" },
        button("print", say("sv_print"), () => window.print(), !ready, "primary"),
        button("receipt", say("sv_receipt"), () => tell(this, "receipt", {}), !ready),
        button("csv", say("sv_save_csv"), () => tell(this, "csv", {}), !ready),
      ),
    ];
  }
}
customElements.define("report-times", ReportTimes);

class ShiftReport extends DeskPanel {
  /** @param {Report} report */
  draw(report) {
    return [
      h("h1", {}, say("sv_shift_report")),
      h("p", { class: "of" }, h("bdi", {}, report.station), " · ", say("sv_from_to", { from: report.since, to: report.until })),
      table(say("sv_counts"), [say("sv_what"), say("sv_count")], COUNTS.map((name) => [say(`sv_count_${name}`), String(report[name])])),
      table(say("sv_shorts_by_reason"), [say("sv_reason"), say("sv_lines")], report.shorts.map((each) => [each.reason || say("sv_no_reason"), String(each.lines)])),
      table(say("sv_by_worker"), [say("sv_name"), say("sv_signed_in_for"), say("sv_units_picked"), say("sv_parcels")], people(report)),
      table(say("sv_owed_to_hq"), [say("sv_hq"), say("sv_unsent"), say("sv_oldest"), say("sv_parked")], report.backlog.map((each) => [each.lane, String(each.unsent), each.oldest || "–", String(each.parked)])),
      report.unknown.length > 0 ? h("h2", {}, say("sv_not_known")) : null,
      h("ul", { class: "unknown" }, ...report.unknown.map((each) => h("li", { dir: "auto" }, each))),
      h("p", { class: "signed" }, say("sv_seen_by")),
    ];
  }
}
customElements.define("shift-report", ShiftReport);

/** @param {Report} report */
function people(report) {
  return report.people.map((each) => [each.name, duration(each.minutes), each.units_picked, String(each.parcels)]);
}

/**
 * @param {string} title
 * @param {string[]} columns
 * @param {string[][]} rows
 */
function table(title, columns, rows) {
  if (rows.length === 0) return h("section", {}, h("h2", {}, title), h("p", { class: "quiet" }, say("sv_none")));
  const head = h("thead", {}, h("tr", {}, ...columns.map((each, column) => h("th", { scope: "col", class: column ? "number" : null }, each))));
  const line = (/** @type {string[]} */ row) => h("tr", {}, ...row.map((each, column) => h(column ? "td" : "th", { scope: column ? null : "row", class: column ? "number" : null }, h("bdi", {}, each))));
  return h("section", {}, h("h2", {}, title), h("table", {}, head, h("tbody", {}, ...rows.map(line))));
}

/**
 * @param {string} id
 * @param {number} at
 */
function moment(id, at) {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  return /** @type {HTMLInputElement} */ (h("input", { type: "datetime-local", id, value: local, required: true }));
}

/**
 * @param {string} key
 * @param {string} words
 * @param {() => void} press
 */
function button(key, words, press, disabled = false, look = "") {
  return h("button", { type: "button", class: look, disabled, "data-key": key, on: { click: press } }, words);
}

/**
 * The report as one list for a spreadsheet: what it is of, what is counted, how many.
 * @param {Report} report
 */
function asTable(report) {
  const rows = [
    ...COUNTS.map((name) => [say("sv_counts"), say(`sv_count_${name}`), String(report[name])]),
    ...report.shorts.map((each) => [say("sv_shorts_by_reason"), each.reason, String(each.lines)]),
    ...report.people.flatMap((each) => [
      [each.name, say("sv_minutes_signed_in"), String(each.minutes)],
      [each.name, say("sv_units_picked"), each.units_picked],
      [each.name, say("sv_parcels"), String(each.parcels)],
    ]),
    ...report.backlog.flatMap((each) => [[each.lane, say("sv_unsent"), String(each.unsent)], [each.lane, say("sv_parked"), String(each.parked)]]),
  ];
  return { name: `shift ${report.station} ${report.since}`, columns: [say("sv_of"), say("sv_what"), say("sv_count")], rows };
}

/** @param {import("./ask.js").Said|null} said */
function tellPerson(said) {
  const place = /** @type {HTMLElement} */ (document.querySelector("#said"));
  place.hidden = !said;
  place.className = said?.meaning ?? "";
  place.textContent = said?.text ?? "";
}

async function show() {
  const times = `since=${new Date(state.since).toISOString()}&until=${new Date(state.until).toISOString()}`;
  const [reply, places] = await Promise.all([ask(`/v1/station/desk/report?${times}`), ask("/v1/station/workplaces")]);
  if (places?.status === WELL && places.body.language !== spoken()) await speak(places.body.language, KINDS);
  state.report = reply?.status === WELL ? reply.body : null;
  tellPerson(state.report ? null : saidBy(reply, { silent: say("sv_no_answer"), done: "" }));
  document.title = say("sv_shift_report");
  /** @type {any} */ (document.querySelector("report-times")).show({ since: state.since, until: state.until, ready: state.report !== null });
  if (state.report) /** @type {any} */ (document.querySelector("shift-report")).show(state.report);
}

async function receipt() {
  const wanted = { kind: "shift", since: new Date(state.since).toISOString(), until: new Date(state.until).toISOString() };
  const reply = await ask("/v1/station/slips", wanted);
  const slip = reply?.body.slip;
  if (!slip) tellPerson(saidBy(reply, { silent: say("sv_no_answer"), done: "" }));
  else tellPerson({ meaning: slip.result === "printed" ? "done" : "ask", text: [slip.sentence, slip.next_step].filter(Boolean).join(" ") });
}

document.addEventListener("times", (event) => {
  Object.assign(state, /** @type {CustomEvent} */ (event).detail);
  void show();
});
document.addEventListener("receipt", () => void receipt());
document.addEventListener("csv", () => {
  if (!state.report) return;
  const made = asTable(state.report);
  save(`${made.name}.csv`, csvOf(made), "text/csv;charset=utf-8");
});
document.documentElement.dataset.theme = localStorage.getItem(THEME) ?? "light";
await speak("en", KINDS);
Object.assign(state, { since: Date.now() - USUAL_HOURS * HOUR_MS, until: Date.now() });
await show();
