/** The supervisor's desk: looks at the station again and again, and sends what the supervisor decides. */
import { watchKeys } from "../wedge.js";
import { say, speak } from "../words.js";
import { act, ask, commandId, dropKey, file, saidBy, useKey } from "./ask.js";
import "./arrange.js";
import "./decide.js";
import { TABS, THEME } from "./head.js";
import { saveProof } from "./story.js";
import "./today.js";

const LOOK_MS = 10_000;
const SITE_MS = 60_000;
const AGAIN_MS = 1_000;
const USUAL_HOURS = 8;
const MOST_LISTS = 100;
const MINUTE_MS = 60_000;
const WELL = 200;
const KINDS = ["work", "desk"];
const SUPERVISOR = "supervisor";

const state = {
  /** @type {import("./today.js").Day|null} */
  day: null,
  /** @type {import("./today.js").Site|null} */
  site: null,
  /** @type {Record<string, import("./decide.js").Parked[]>} */
  parked: {},
  /** @type {import("./arrange.js").Picklist[]} */
  lists: [],
  /** @type {import("./arrange.js").HandTask[]} */
  tasks: [],
  /** @type {string|null} */
  chosen: null,
  /** @type {{name: string, roles: string[]}|null} */
  who: null,
  signing: false,
  badge: "",
  hours: USUAL_HOURS,
  connected: true,
  theme: localStorage.getItem(THEME) ?? "light",
  story: { asked: "", things: /** @type {import("./today.js").Thing[]} */ ([]), steps: /** @type {import("./story.js").Step[]|null} */ (null), complete: true, sentence: "" },
};

/** @param {string} selector */
function part(selector) {
  return /** @type {any} */ (document.querySelector(selector));
}

/** The tab and the thing that the address names. */
function route() {
  const [name, thing, id] = location.hash.slice(1).split("/").map(decodeURIComponent);
  return { tab: TABS.includes(name) ? name : TABS[0], thing: id ? { thing, id } : null };
}

function render() {
  const { day, who } = state;
  document.documentElement.dataset.theme = state.theme;
  if (!day) return;
  const { tab, thing } = route();
  const may = who?.roles.includes(SUPERVISOR) ?? false;
  const parked = Object.values(state.parked).flat();
  const waiting = day.exceptions.length + new Set(parked.map((each) => each.entity)).size;
  document.body.dataset.connected = String(state.connected);
  part("#station").textContent = say("sv_title", { station: day.station });
  part("desk-who").show({ who: who && { name: who.name }, signing: state.signing, badge: state.badge, theme: state.theme });
  part("desk-tabs").show({ tab, waiting, connected: state.connected });
  for (const name of TABS) part(`${name}-view`).hidden = name !== tab;
  if (tab === "today") part("today-view").show({ day: steadied(day), site: state.site, hours: state.hours });
  if (tab === "decide") part("decide-view").show({ may, exceptions: day.exceptions, parked: state.parked, late: day.late, now: minute(day.now) });
  if (tab === "arrange") part("arrange-view").show({ may, lists: state.lists, tasks: state.tasks, workers: day.workers, chosen: state.chosen, now: minute(day.now) });
  if (tab === "story") part("story-view").show({ ...state.story, thing, may, workers: day.workers });
}

/**
 * A sentence for the person, until there is another one.
 * @param {import("./ask.js").Said|null} said
 */
function tellPerson(said) {
  const place = part("#said");
  place.hidden = !said;
  place.className = said?.meaning ?? "";
  place.textContent = said?.text ?? "";
  place.dir = "auto";
}

async function look() {
  const reply = await ask(`/v1/station/desk/day?hours=${state.hours}`);
  state.connected = reply?.status === WELL;
  if (!reply || reply.status !== WELL) {
    if (reply || !state.day) tellPerson(saidBy(reply, { silent: say("sv_not_connected"), done: "" }));
    render();
    return;
  }
  if (!state.day) {
    await speak(reply.body.language, KINDS);
    document.title = say("sv_title", { station: reply.body.station });
    part("desk-find").show({});
    tellPerson(null);
  }
  state.day = reply.body;
  await Promise.all([lookAtParked(Object.keys(reply.body.backlog)), route().tab === "arrange" ? lookAtWork() : null]);
  render();
}

/** @param {string[]} lanes */
async function lookAtParked(lanes) {
  const replies = await Promise.all(lanes.map((lane) => ask(`/v1/station/lanes/${encodeURIComponent(lane)}/parked`)));
  lanes.forEach((lane, place) => {
    const reply = replies[place];
    if (reply?.status === WELL) state.parked[lane] = reply.body.parked;
  });
}

async function lookAtWork() {
  const [lists, tasks] = await Promise.all([ask(`/v1/fulfillment/picklists?limit=${MOST_LISTS}`), ask("/v1/station/tasks")]);
  if (lists?.status === WELL) state.lists = lists.body.items.filter((/** @type {any} */ each) => each.status !== "completed");
  if (tasks?.status === WELL) state.tasks = tasks.body.tasks;
}

async function lookAtSite() {
  const reply = await ask("/v1/station/desk/site");
  if (reply?.status === WELL) state.site = reply.body;
  render();
}

/** The station, for ever: each look begins when the one before has ended. */
async function keepLooking() {
  for (;;) {
    await look();
    await new Promise((wake) => setTimeout(wake, state.connected ? LOOK_MS : AGAIN_MS));
  }
}

async function keepAskingHq() {
  for (;;) {
    await lookAtSite();
    await new Promise((wake) => setTimeout(wake, SITE_MS));
  }
}

/** @param {string} code */
async function find(code) {
  Object.assign(state.story, { asked: code, things: [], steps: null, sentence: "" });
  const reply = await ask(`/v1/station/desk/meant?code=${encodeURIComponent(code)}`);
  if (reply?.status === WELL) state.story.things = reply.body.things;
  else state.story.sentence = saidBy(reply, { silent: say("sv_no_answer"), done: "" }).text;
  const [only] = state.story.things;
  if (only) openStory(only);
  else if (location.hash === "#story") render();
  else location.hash = "#story";
}

/** @param {import("./today.js").Thing} thing */
function openStory({ thing, id }) {
  const hash = `#story/${encodeURIComponent(thing)}/${encodeURIComponent(id)}`;
  if (location.hash === hash) void lookAtStory();
  else location.hash = hash;
}

async function lookAtStory() {
  const { thing } = route();
  if (!thing) return;
  Object.assign(state.story, { steps: null, sentence: say("sv_reading") });
  render();
  const reply = await ask(`/v1/station/stories/${encodeURIComponent(thing.thing)}/${encodeURIComponent(thing.id)}`);
  if (JSON.stringify(route().thing) !== JSON.stringify(thing)) return;
  if (reply?.status === WELL) Object.assign(state.story, { steps: reply.body.items, complete: reply.body.complete, sentence: "" });
  else state.story.sentence = saidBy(reply, { silent: say("sv_no_answer"), done: "" }).text;
  render();
}

/** @param {{path: string, body: any, plain?: boolean, done?: string, clears?: string[]}} wanted */
async function decided({ path, body, plain = false, done = "", clears = [] }) {
  const said = saidBy(await act(path, plain ? body : { command_id: commandId(), ...body }), { silent: say("sv_no_answer_act"), done });
  tellPerson(said);
  if (said.meaning === "done") for (const key of clears) part(`[data-key="${key}"]`).value = "";
  await lookAtWork();
  await look();
}

/** @param {{badge: string, pin: string}} shown */
async function signIn(shown) {
  const reply = await ask("/v1/station/sign-in", shown);
  if (reply?.status !== WELL) {
    tellPerson(saidBy(reply, { silent: say("sv_no_answer"), done: "" }));
    return;
  }
  state.who = reply.body;
  Object.assign(state, { signing: false, badge: "" });
  useKey(reply.body, () => signedOut(say("sv_signed_out_idle")));
  const may = reply.body.roles.includes(SUPERVISOR);
  tellPerson({ meaning: may ? "done" : "ask", text: say(may ? "sv_signed_in" : "sv_no_supervisor", { name: reply.body.name }) });
  render();
}

/** @param {string} sentence */
function signedOut(sentence) {
  state.who = null;
  tellPerson({ meaning: "ask", text: sentence });
  render();
}

async function signOut() {
  await act("/v1/station/sign-out", {});
  dropKey();
  signedOut(say("sv_signed_out"));
}

/** @param {string} key */
function pressed(key) {
  if (key === "theme") {
    state.theme = state.theme === "light" ? "dark" : "light";
    localStorage.setItem(THEME, state.theme);
  } else if (key === "sign-out") void signOut();
  else Object.assign(state, { signing: key === "sign-in", badge: "" });
  render();
  if (state.signing) part("#badge").focus();
}

/** @param {string} id */
async function prove(id) {
  const { text, reply } = await file(`/v1/station/desk/proofs/${encodeURIComponent(id)}`);
  if (text === null) tellPerson(saidBy(reply, { silent: say("sv_no_answer"), done: "" }));
  else {
    saveProof(id, text);
    tellPerson({ meaning: "done", text: say("sv_proof_saved", { id }) });
  }
}

/** @param {string} code */
function scanned(code) {
  if (!state.signing) void find(code);
  else {
    state.badge = code;
    render();
    part("#pin").focus();
  }
}

/**
 * The same to the minute: what only shows that time goes by draws nothing anew.
 * @param {string} at
 */
function minute(at) {
  return new Date(Math.floor(Date.parse(at) / MINUTE_MS) * MINUTE_MS).toISOString();
}

/** @param {import("./today.js").Day} day */
function steadied(day) {
  const backlog = Object.entries(day.backlog).map(([lane, samples]) => {
    const [last, before] = [samples[samples.length - 1], samples[samples.length - 2]];
    const at = before && minute(last.at) < before.at ? before.at : minute(last.at);
    return [lane, [...samples.slice(0, -1), { ...last, at }]];
  });
  return { ...day, now: minute(day.now), backlog: Object.fromEntries(backlog) };
}

/**
 * @param {string} name
 * @param {(detail: any) => void} listener
 */
function on(name, listener) {
  document.addEventListener(name, (event) => listener(/** @type {CustomEvent} */ (event).detail));
}

on("hours", (hours) => {
  state.hours = hours;
  void look();
});
on("story", openStory);
on("find", (code) => void find(code));
on("act", (wanted) => void decided(wanted));
on("choose", (id) => {
  state.chosen = id;
  render();
});
on("sign-in", (shown) => void signIn(shown));
on("press", pressed);
on("proof", ({ id }) => void prove(id));
window.addEventListener("hashchange", () => {
  tellPerson(null);
  render();
  if (route().tab === "story") void lookAtStory();
  if (route().tab === "arrange") void lookAtWork().then(render);
});
watchKeys({ onScan: ({ code }) => scanned(code), onPieces: () => tellPerson({ meaning: "ask", text: say("in_pieces") }), onTyped: () => false });
await speak("en", KINDS);
void keepLooking();
void keepAskingHq();
if (route().thing) void lookAtStory();
