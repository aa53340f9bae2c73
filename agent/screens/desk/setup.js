/** The first run of a machine: code, HQ, work, devices, and one look at everything before it is written. */
import { Panel, h } from "../dom.js";
import { shape } from "../shapes.js";
import { preferred, say, speak } from "../words.js";
import { ask, beCarer, sentenceOf } from "./carer.js";
import { button, worded } from "./it_parts.js";
import { emptyDraft, finishOf, linesOf, plainName, tablesOf } from "./setup_draft.js";
import { deviceCard } from "./setup_devices.js";

const STEPS = ["code", "hq", "work", "devices", "look"];
const LOOK_EVERY_MS = 500;

class SetupSteps extends Panel {
  /** @param {number} now */
  draw(now) {
    const steps = STEPS.map((step, index) =>
      h("li", { "aria-current": index === now ? "step" : null }, shape(index < now ? "done" : index === now ? "current" : "open"), say(`setup_step_${step}`)),
    );
    return [h("ol", {}, ...steps)];
  }
}
customElements.define("setup-steps", SetupSteps);

/** @type {import("./setup_draft.js").Start} */
let start;
/** @type {import("./setup_draft.js").Draft} */
let draft;
/** @type {import("./setup_draft.js").Found[]|null} */
let found = null;

const main = /** @type {HTMLElement} */ (document.querySelector("main"));

/** @param {string[]} sentences what is wrong; none takes it away */
function complain(...sentences) {
  const said = /** @type {HTMLElement} */ (document.querySelector("#said"));
  const told = sentences.filter(Boolean);
  said.hidden = told.length === 0;
  said.replaceChildren(...(told.length ? [shape("refused"), h("span", { dir: "auto" }, ...told.flatMap((each, at) => (at ? [h("br"), each] : [each])))] : []));
}

/** @param {number} step @param {...(Node|string|null)} parts */
function page(step, ...parts) {
  /** @type {any} */ (document.querySelector("setup-steps")).show(step);
  complain();
  main.replaceChildren(h("h1", {}, say(`setup_title_${STEPS[step]}`)), h("p", {}, say(`setup_lead_${STEPS[step]}`)), ...parts.filter((each) => each !== null));
  scrollTo(0, 0);
}

/**
 * A field that writes into what was chosen.
 * @param {string} words
 * @param {Record<string, string>} into
 * @param {string} key
 * @param {Record<string, any>} [more]
 */
function field(words, into, key, more = {}) {
  const input = /** @type {HTMLInputElement} */ (h("input", { value: into[key], autocomplete: "off", spellcheck: "false", maxlength: 300, "data-field": key, ...more }));
  input.addEventListener("input", () => (into[key] = input.value.trim()));
  return h("label", {}, say(words), input);
}

/** @param {string} words @param {Record<string, any>} into @param {string} key @param {[string, string][]} options */
function choice(words, into, key, options) {
  const select = /** @type {HTMLSelectElement} */ (h("select", { "data-field": key }, ...options.map(([value, label]) => h("option", { value, selected: into[key] === value }, label))));
  select.addEventListener("change", () => (into[key] = select.value));
  return h("label", {}, say(words), select);
}

/** @param {(() => void)|null} back @param {string} words @param {HTMLElement[]} inside @param {() => void|Promise<void>} next */
function form(back, words, inside, next) {
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void next();
  };
  const ends = h("div", { class: "row end" }, back ? button("back", "back", say("back"), back) : null, h("button", { type: "submit", class: "primary", "data-key": "next" }, words));
  return h("form", { on: { submit } }, ...inside, ends);
}

function askCode() {
  const typed = { code: "" };
  page(
    0,
    form(null, say("setup_next"), [field("it_code", typed, "code", { required: true })], async () => {
      const reply = await ask("/v1/setup/enter", { code: typed.code });
      if (reply?.status !== 200) return complain(sentenceOf(reply, say("setup_silent")));
      beCarer(reply.body.key);
      const told = await ask("/v1/setup/start");
      if (told?.status !== 200) return complain(sentenceOf(told, say("setup_silent")));
      start = told.body;
      draft = emptyDraft(start);
      return askHq();
    }),
  );
}

function askHq() {
  const shown = { code: "", hq: "", tenant: draft.hq.tenant || "main" };
  const byCode = h("fieldset", {}, h("legend", {}, say("setup_hq_code")), h("p", { class: "quiet" }, say("setup_hq_code_lead")), h("div", { class: "fields" }, field("setup_code", shown, "code"), field("setup_hq_url_if", shown, "hq"), field("setup_tenant", shown, "tenant")));
  const key = { key: draft.key };
  const byHand = h("fieldset", {}, h("legend", {}, say("setup_hq_hand")), h("p", { class: "quiet" }, say("setup_hq_hand_lead")), h("div", { class: "fields" }, field("setup_hq_url", draft.hq, "url"), field("setup_tenant", draft.hq, "tenant"), field("setup_hq_dialect", draft.hq, "dialect"), field("setup_hq_key", key, "key", { type: "password" })));
  page(
    1,
    form(null, say("setup_next"), [byCode, byHand], async () => {
      draft.key = key.key;
      if (!shown.code) return askWork();
      const reply = await ask("/v1/setup/redeem", { code: shown.code, tenant: shown.tenant, ...(shown.hq ? { hq: shown.hq } : {}) });
      if (reply?.status !== 200) return complain(sentenceOf(reply, say("setup_silent")));
      takeIn(reply.body);
      return askWork();
    }),
  );
}

/** What HQ gave fills in what a person would have chosen. @param {{tables: Record<string, any>, replaces: boolean}} given */
function takeIn({ tables, replaces }) {
  draft.enrolled = tables;
  draft.replaces = replaces;
  for (const key of Object.keys(draft.station)) draft.station[key] = tables.station?.[key] ?? draft.station[key];
  const places = Object.entries(tables.workplaces ?? {}).map(([name, place]) => ({ name, work: place.work }));
  if (places.length) draft.places = places;
}

function askWork() {
  const { station, person } = draft;
  const languages = /** @type {[string, string][]} */ (start.languages.map((each) => [each, new Intl.DisplayNames([each], { type: "language" }).of(each) ?? each]));
  const who = h("fieldset", {}, h("legend", {}, say("setup_station")), h("div", { class: "fields" }, field("setup_id", station, "id", { required: true }), field("setup_warehouse", station, "warehouse_id", { required: true }), choice("setup_language", station, "language", languages), field("setup_timezone", station, "timezone")));
  const places = h("fieldset", {}, h("legend", {}, say("setup_places")));
  const drawPlaces = () => places.replaceChildren(h("legend", {}, say("setup_places")), ...draft.places.map((place, at) => placeRow(place, at, drawPlaces)), button("add", "", say("setup_add_place"), addPlace));
  const addPlace = () => {
    draft.places.push({ name: `place-${draft.places.length + 1}`, work: "pick" });
    drawPlaces();
  };
  drawPlaces();
  const admin = h("fieldset", {}, h("legend", {}, say("setup_admin")), h("p", { class: "quiet" }, say("setup_admin_lead")), h("div", { class: "fields" }, field("setup_name", person, "name"), field("it_badge", person, "badge"), field("setup_pin", person, "pin", { type: "password", pattern: "\\d{6,12}" })));
  page(
    2,
    form(draft.enrolled ? null : askHq, say("setup_next"), [who, places, admin], () => {
      person.id = plainName(person.name);
      void askDevices();
    }),
  );
}

/** @param {import("./setup_draft.js").Place} place @param {number} at @param {() => void} redraw */
function placeRow(place, at, redraw) {
  const works = /** @type {[string, string][]} */ (start.works.map((each) => [each, worded("title", each)]));
  const drop = () => {
    draft.places.splice(at, 1);
    redraw();
  };
  return h("div", { class: "fields" }, field("setup_place_name", /** @type {any} */ (place), "name", { required: true }), choice("setup_work", place, "work", works), draft.places.length > 1 ? button(`drop ${at}`, "erase", say("setup_drop"), drop) : null);
}

/** @param {boolean} [network] */
async function askDevices(network = false) {
  if (found === null || network) {
    page(3, h("p", { role: "status" }, shape("wait"), say("setup_searching")));
    const reply = await ask(`/v1/setup/devices?network=${network}`);
    if (reply?.status !== 200) {
      complain(sentenceOf(reply, say("setup_silent")));
      main.append(button("again", "", say("setup_again"), () => void askDevices(network)));
      return;
    }
    found = reply.body.found;
    drawDevices(reply.body.why);
    return;
  }
  drawDevices([]);
}

/** @param {string[]} why */
function drawDevices(why) {
  const cards = (found ?? []).map((each) => deviceCard(each, draft, start));
  const again = () => {
    found = null;
    void askDevices();
  };
  page(
    3,
    h("div", { class: "row" }, button("again", "", say("setup_again"), again), button("network", "", say("setup_network"), () => void askDevices(true))),
    ...why.map((each) => h("p", { class: "quiet" }, each)),
    cards.length ? h("ul", { class: "found" }, ...cards) : h("p", {}, say("setup_none_found")),
    form(askWork, say("setup_next"), [], lookOver),
  );
}

function lookOver() {
  const shown = linesOf(tablesOf(draft));
  const untried = draft.devices.filter((each) => each.place && !each.works).map((each) => each.name);
  page(
    4,
    draft.replaces ? h("p", { class: "refusal" }, shape("ask"), say("setup_replaces", { id: draft.station.id })) : null,
    untried.length ? h("p", { class: "refusal" }, shape("ask"), say("setup_untried", { names: untried.join(", ") })) : null,
    draft.person.id ? null : h("p", { class: "refusal" }, shape("note"), say("setup_no_admin")),
    h("pre", { tabindex: "0" }, shown),
    h("p", { class: "quiet" }, say("setup_written_to", { file: start.file })),
    form(() => void askDevices(), say("setup_write"), [], finish),
  );
}

async function finish() {
  const reply = await ask("/v1/setup/finish", finishOf(draft));
  if (reply?.status !== 201) return complain(...faultsOf(reply));
  main.replaceChildren(h("h1", {}, say("setup_done", { id: reply.body.station })), h("p", { role: "status" }, shape("wait"), say("setup_starting")));
  return leadOn(reply.body.url);
}

/** Everything that is wrong, a sentence each. @param {import("./carer.js").Reply} reply @returns {string[]} */
function faultsOf(reply) {
  const details = reply?.body?.error?.details;
  if (!Array.isArray(details)) return [sentenceOf(reply, say("setup_silent"))];
  return details.map((each) => (typeof each === "string" ? each : `${each.field}: ${each.message}`));
}

/** Go to IT's page as soon as the agent answers. @param {string} url */
async function leadOn(url) {
  for (let tries = 0; new URL(url).origin === location.origin; tries += 1) {
    const reply = await ask("/health");
    if (reply?.status === 200 && reply.body.version) return location.assign("/it");
    if (tries === 20) main.append(h("p", {}, say("setup_not_yet")));
    await new Promise((wake) => setTimeout(wake, LOOK_EVERY_MS));
  }
  return main.append(h("p", {}, h("a", { href: `${url}/it` }, say("setup_go_on"))));
}

void speak(preferred(), ["work", "desk"]).then(askCode);
