/** The day at a look: orders, rates, where it goes wrong, who worked, and what HQ has not got yet. */
import { h, tell } from "../dom.js";
import { age, has, moment, say } from "../words.js";
import { backlogArea, hourBars, outages, rankBar, stackedBar } from "./charts.js";
import { DeskPanel } from "./panel.js";
import { tableBehind, tableOf } from "./tables.js";

/**
 * @typedef {{thing: string, id: string}} Thing
 * @typedef {{since: string, picked: string, packed: string, parcels: number}} Hour
 * @typedef {{at: string, unsent: number, parked: number, state: string}} Sample
 * @typedef {{place: string, shorts: number, mis_scans: number, works: Thing[]}} Place
 * @typedef {{worker_id: string, name: string, minutes: number, units_picked: string, parcels: number}} Labour
 * @typedef {{station: string, language: string, now: string, since: string, orders: {status: string, count: number}[],
 *   figures: Record<string, any>, hours: Hour[], before: Hour[], places: Place[], people: Labour[], late: any[],
 *   exceptions: any[], backlog: Record<string, Sample[]>, workers: {worker_id: string, name: string}[], complete: boolean}} Day
 * @typedef {{lane: string|null, at: string|null, figures: Record<string, number>|null, sentence: string}} Site
 */

const HOURS = [4, 8, 12];
const TWO_COLUMNS_EM = 60;
/** What the frame of a card takes from the width of its drawing. */
const CARD_EM = 2;
const CARD_PX = 2;
/** Figures as tiles: name in the answer of the station -> how it is written. */
const TILES = {
  pick_rate_p50: (/** @type {number} */ value) => String(Math.round(value * 10) / 10),
  pack_throughput: String,
  first_pass_yield: percent,
  mis_picks: String,
  ship_late_count: String,
};
const STATES = ["awaiting_allocation", "allocated", "picking", "picked", "packing", "ready_to_ship"];

class TodayView extends DeskPanel {
  /** @param {{day: Day, site: Site|null, hours: number}} data */
  draw({ day, site, hours }) {
    const now = Date.parse(day.now);
    const wide = this.clientWidth / this.em >= TWO_COLUMNS_EM;
    const inner = this.clientWidth - this.em * 2;
    const width = (wide ? (inner - this.em) / 2 : inner) - CARD_EM * this.em - CARD_PX;
    return [
      h("div", { class: "bar-above" }, this.#scope(site, now), this.#choose(hours)),
      h("section", { class: "tiles", "aria-label": say("sv_figures") }, ...Object.keys(TILES).map((name) => tile(name, day.figures, site?.figures ?? null))),
      this.#orders(day, inner - CARD_EM * this.em - CARD_PX),
      h(
        "div",
        { class: wide ? "two" : "one" },
        rate("picked", day, width, this.em),
        rate("parcels", day, width, this.em),
        this.#places(day.places),
        h("div", { class: "one" }, labour(day.people), ...Object.entries(day.backlog).map(([lane, samples]) => backlog(lane, samples, now, width, this.em))),
      ),
      day.complete ? null : h("p", { class: "quiet" }, say("sv_not_complete")),
    ];
  }

  /**
   * @param {Site|null} site
   * @param {number} now
   */
  #scope(site, now) {
    if (!site) return h("p", { class: "scope quiet" }, say("sv_asking_hq"));
    const known = site.figures && site.at ? say("sv_whole_site", { lane: site.lane, age: age(site.at, now) }) : say("sv_this_station_only");
    return h("p", { class: "scope quiet" }, known, site.sentence ? h("span", { dir: "auto" }, ` ${site.sentence}`) : null);
  }

  /** @param {number} now_hours */
  #choose(now_hours) {
    const button = (/** @type {number} */ n) =>
      h("button", { type: "button", "data-key": `hours ${n}`, "aria-pressed": String(n === now_hours), on: { click: () => tell(this, "hours", n) } }, say("sv_hours", { n }));
    return h("div", { class: "row", role: "group", "aria-label": say("sv_how_far") }, ...HOURS.map(button));
  }

  /**
   * @param {Day} day
   * @param {number} width
   */
  #orders(day, width) {
    const counts = new Map(day.orders.map((each) => [each.status, each.count]));
    const parts = STATES.map((status) => ({ label: say(`sv_order_${status}`), value: counts.get(status) ?? 0 }));
    const table = { name: "orders", columns: [say("sv_state"), say("sv_orders")], rows: parts.map(({ label, value }) => [label, value]) };
    return card(
      say("sv_orders_by_state"),
      stackedBar(parts, width, this.em),
      h("ol", { class: "legend" }, ...parts.map((part, place) => h("li", {}, h("i", { class: `swatch part-${place}` }), h("b", {}, String(part.value)), " ", part.label))),
      tableBehind(table),
    );
  }

  /** @param {Place[]} places */
  #places(places) {
    const title = say("sv_where_wrong");
    if (places.length === 0) return card(title, h("p", { class: "quiet" }, say("sv_nothing_wrong")));
    const most = Math.max(...places.map((each) => each.shorts + each.mis_scans));
    const columns = [say("sv_place"), say("sv_shorts"), say("sv_mis_scans"), say("sv_work")];
    const rows = places.map((each) => [each.place, each.shorts, each.mis_scans, each.works.map((work) => work.id).join(" ")]);
    return card(
      title,
      key(["rank-0", "sv_shorts"], ["rank-1", "sv_mis_scans"]),
      h("ol", { class: "ranks" }, ...places.map((each) => placeRow(this, each, most))),
      tableBehind({ name: "places", columns, rows }),
    );
  }
}
customElements.define("today-view", TodayView);

/**
 * A button that opens the story of a thing.
 * @param {HTMLElement} panel
 * @param {Thing} thing
 * @param {string} [words] in place of its id
 */
export function storyLink(panel, { thing, id }, words) {
  const press = () => tell(panel, "story", { thing, id });
  return h("button", { type: "button", class: "link", "data-key": `story ${thing} ${id}`, on: { click: press } }, words ?? h("code", {}, id));
}

/**
 * What a thing is called; where we have no word, its own name.
 * @param {string} thing
 */
export function thingWord(thing) {
  return has(`sv_thing_${thing}`) ? say(`sv_thing_${thing}`) : thing.replaceAll("_", " ");
}

/**
 * A part of a desk with its heading.
 * @param {string} title
 * @param {...(Node|string|null)} parts
 */
export function card(title, ...parts) {
  return h("section", { class: "card", "aria-label": title }, h("h2", {}, title), ...parts);
}

/**
 * @param {string} name
 * @param {Record<string, any>} figures
 * @param {Record<string, number>|null} site
 */
function tile(name, figures, site) {
  const written = TILES[/** @type {keyof typeof TILES} */ (name)];
  const own = figures[name];
  const whole = site?.[name];
  return h(
    "div",
    { class: "tile", "data-figure": name },
    h("h2", {}, say(`sv_tile_${name}`)),
    h("p", { class: "figure" }, own === undefined ? "–" : written(own)),
    h("p", { class: "quiet" }, say(own === undefined ? "sv_not_yet" : `sv_unit_${name}`)),
    whole === undefined ? null : h("p", {}, say("sv_site_figure", { figure: written(whole) })),
  );
}

/**
 * @param {"picked"|"parcels"} what
 * @param {Day} day
 * @param {number} width
 * @param {number} em
 */
function rate(what, day, width, em) {
  const hours = day.hours.map((each, place) => ({
    label: clock(Date.parse(each.since)),
    value: Number(each[what]),
    text: String(each[what]),
    before: Number(day.before[place]?.[what] ?? 0),
  }));
  const columns = [say("sv_hour"), say(`sv_axis_${what}`), say("sv_day_before")];
  const rows = hours.map((each) => [each.label, each.text, each.before]);
  return card(
    say(`sv_rate_${what}`),
    key(["bar", "sv_this_shift"], ["behind", "sv_day_before"]),
    hourBars(hours, width, em, say(`sv_axis_${what}`)),
    tableBehind({ name: `rate ${what}`, columns, rows }),
  );
}

/**
 * What the looks of a drawing mean.
 * @param {...[string, string]} looks pairs of look and words
 */
function key(...looks) {
  return h("ul", { class: "legend" }, ...looks.map(([look, words]) => h("li", {}, h("i", { class: `swatch ${look}` }), say(words))));
}

/**
 * @param {HTMLElement} panel
 * @param {Place} each
 * @param {number} most
 */
function placeRow(panel, each, most) {
  const facts = [each.shorts ? say("sv_so_many_short", { n: each.shorts }) : "", each.mis_scans ? say("sv_so_many_wrong", { n: each.mis_scans }) : ""];
  return h(
    "li",
    {},
    h("p", { class: "works" }, h("b", {}, h("code", {}, each.place)), h("span", { class: "facts" }, facts.filter(Boolean).join(" · ")), ...each.works.map((work) => storyLink(panel, work))),
    rankBar([each.shorts, each.mis_scans], most, 16),
  );
}

/** @param {Labour[]} people */
function labour(people) {
  if (people.length === 0) return card(say("sv_labour"), h("p", { class: "quiet" }, say("sv_nobody_yet")));
  const columns = [say("sv_name"), say("sv_signed_in_for"), say("sv_units_picked"), say("sv_parcels")];
  const rows = people.map((each) => [each.name, duration(each.minutes), each.units_picked, each.parcels]);
  return card(say("sv_labour"), tableOf({ name: "labour", columns, rows }));
}

/**
 * @param {string} lane
 * @param {Sample[]} samples
 * @param {number} now
 * @param {number} width
 * @param {number} em
 */
function backlog(lane, samples, now, width, em) {
  const points = samples.map((each) => ({ at: Date.parse(each.at), value: each.unsent, away: each.state === "unreachable" || each.state === "paused" }));
  const away = outages(points).map(([from, to]) => say("sv_hq_away_from_to", { from: clock(from), to: to >= now ? say("sv_now") : clock(to) }));
  const columns = [say("sv_time"), say("sv_unsent"), say("sv_parked"), say("sv_hq_is")];
  const rows = samples.map((each) => [moment(each.at, now), each.unsent, each.parked, stateWord(each.state)]);
  return card(
    say("sv_backlog", { lane }),
    key(["area", "sv_unsent"], ["outage", "sv_hq_away"]),
    backlogArea(points, clock, width, em, { axis: say("sv_unsent"), away: say("sv_hq_away") }),
    h("p", { class: "quiet" }, [say("sv_since_start", { time: clock(points[0].at) }), ...away].join(" ")),
    tableBehind({ name: `backlog ${lane}`, columns, rows }),
  );
}

/** @param {string} state */
function stateWord(state) {
  return has(`sv_hq_${state}`) ? say(`sv_hq_${state}`) : state;
}

/** @param {number} at */
function clock(at) {
  return new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** @param {number} minutes */
export function duration(minutes) {
  return say("sv_duration", { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, "0") });
}

/** @param {number} share */
function percent(share) {
  return `${Math.round(share * 1000) / 10}\u00a0%`;
}
