/** What the pick and the pack screen share: the live line, the commands, the keys, the voice, and the three bands. */
import "./actions.js";
import { SeenAnswers } from "./answer_band.js";
import { Commands } from "./commands.js";
import "./next_thing.js";
import "./settings.js";
import { Voice } from "./sound.js";
import { Live, backoffMs, call } from "./station.js";
import "./strip.js";
import { watchKeys } from "./wedge.js";
import { IN_PIECES, NOT_CONNECTED, TOO_MANY_UNSENT, counted, moment, whole } from "./words.js";

const SHOW_UNSENT_AFTER_MS = 300;
const AGES_EVERY_MS = 10_000;

/**
 * Start a work screen.
 * @param {"pick"|"pack"} work
 * @param {{isFull: (view: import("./station.js").View) => boolean, draw: (view: any, weight: any) => void}} side the right-hand side
 */
export async function startWorkScreen(work, side) {
  const screen = new WorkScreen(side);
  const workplace = await findWorkplace(work, screen);
  if (workplace) screen.connect(workplace);
}

/** The workplace in the address, else the station's first of this work; null when it has none. */
async function findWorkplace(work, screen) {
  const named = new URLSearchParams(location.search).get("workplace");
  if (named) return named;
  for (let tries = 0; ; tries += 1) {
    const reply = await call("/v1/station/workplaces");
    const found = reply?.body.workplaces?.find((each) => each.work === work);
    if (found) return found.workplace;
    if (reply) {
      const none = `This station has no workplace to ${work} at. Ask IT to add one to edge.toml.`;
      screen.refuse(reply.body.error?.message ?? none);
      return null;
    }
    screen.setConnected(false);
    await new Promise((wake) => setTimeout(wake, backoffMs(tries, Math.random())));
  }
}

class WorkScreen {
  #view = null;
  #weight = null;
  #seen = new SeenAnswers();
  #hasConnected = false;
  #unsentTimer = 0;

  constructor(side) {
    this.side = side;
    this.voice = new Voice(() => this.#drawStrip());
    watchKeys({
      onScan: (scan) => this.#scan(scan),
      onPieces: () => this.refuse(IN_PIECES),
      onTyped: (key) => this.#typed(key),
    });
    document.addEventListener("command", ({ detail }) => this.#command(detail.name, detail.body));
    document.addEventListener("mode", ({ detail }) => this.#setMode(detail.mode, detail.action));
    window.addEventListener("error", (event) => this.refuse(faultSentence(event.message)));
    window.addEventListener("unhandledrejection", (event) => this.refuse(faultSentence(event.reason)));
    setInterval(() => this.#drawStrip(), AGES_EVERY_MS);
    this.#setMode("work");
    part("answer-band").show(null);
  }

  connect(workplace) {
    this.commands = new Commands(workplace, {
      onAnswer: (answer) => this.#answer(answer),
      onRefused: (message) => this.refuse(message),
      onWaiting: (waiting, tries) => this.#showUnsent(waiting, tries),
    });
    this.live = new Live(workplace, {
      onMessage: (message) => this.#heard(message),
      onConnection: (connected) => this.setConnected(connected),
    });
  }

  /** Show whether the station is there. A page without it is grey from edge to edge and its buttons are dead. */
  setConnected(connected) {
    const was = document.body.dataset.connected;
    document.body.dataset.connected = String(connected);
    part("connection-band").show(connected ? "" : NOT_CONNECTED);
    part(".live").inert = !connected;
    if (connected && this.#hasConnected && was === "false") this.voice.give("back");
    if (!connected && was === "true") this.voice.give("lost");
    this.#hasConnected ||= connected;
    if (connected) this.commands?.nudge();
  }

  /** A refusal of the page or of the station's door: it has no number, so it is always news. */
  refuse(text) {
    part("answer-band").show({ tone: "refused", text });
    this.voice.give("refused");
  }

  #heard(message) {
    if (message.kind === "view") this.#draw(message.view);
    else if (message.kind === "answer") this.#answer(message.answer);
    else if (message.kind === "weight") {
      this.#weight = message.weight;
      if (this.#view) this.#drawSide();
    }
  }

  #answer(answer) {
    if (!this.#seen.isNew(answer)) return;
    this.#showAnswer(answer);
    this.voice.give(answer.tone);
    if (answer.tone !== "refused") this.#setMode("work");
  }

  #showAnswer({ number, tone, text }) {
    part("answer-band").show({ number, tone, text });
  }

  #draw(view) {
    const first = this.#view === null;
    this.#view = view;
    document.body.dataset.do = view.next.do;
    if (!this.#canStay()) this.#setMode("work");
    part("notice-list").show({ view: { lanes: view.lanes, devices: view.devices, problems: view.problems } });
    part("action-bar").show({ actions: view.actions, next: view.next });
    part("choice-list").show({ choices: (view.choices ?? []).map(withSize) });
    part("screen-settings").hidden = view.next.do !== "sign_in" || Boolean(view.progress);
    this.#drawSide();
    this.#drawStrip();
    if (view.answer && first && this.#seen.isNew(view.answer)) this.#showAnswer(view.answer); // it sounded before the page was loaded
    else if (view.answer) this.#answer(view.answer);
    part(".stage").scrollTop = 0;
    window.scrollTo(0, 0);
    this.#drawNext();
  }

  #drawSide() {
    document.body.dataset.side = this.side.isFull(this.#view) ? "full" : "none";
    this.side.draw(this.#view, this.#weight);
  }

  #drawNext() {
    const { next, progress } = this.#view;
    const { mode } = document.body.dataset;
    part("next-thing").show({ next, progress, quantity: mode === "work" ? this.#action("quantity") : null, mode });
  }

  #drawStrip() {
    if (!this.#view) return;
    const minute = Math.floor(Date.now() / AGES_EVERY_MS) * AGES_EVERY_MS;
    part("station-strip").show({ view: this.#view, now: minute, soundOff: this.voice.locked });
  }

  #action(name) {
    return this.#view?.actions.find((action) => action.do === name) ?? null;
  }

  /** Reasons or pad stay open only while the work still allows what they were opened for. */
  #canStay() {
    if (document.body.dataset.mode === "work") return true;
    const { actions, labels } = this.#view;
    const same = ({ do: name, body }) => name === this.openedFor.do && body?.job_id === this.openedFor.body?.job_id;
    return [...actions, ...(labels ?? []).flatMap((label) => label.actions)].some((action) => same(action) && action.enabled);
  }

  #setMode(mode, action = null) {
    document.body.dataset.mode = mode;
    this.openedFor = action;
    part("reason-tiles").show(mode === "reasons" ? action : null);
    part("number-pad").open(mode === "quantity" ? action : null);
    if (this.#view) this.#drawNext();
  }

  #scan(scan) {
    this.#setMode("work");
    this.#command("scan", scan);
  }

  #command(name, body) {
    if (this.commands && !this.commands.add(name, body)) this.refuse(TOO_MANY_UNSENT);
  }

  #typed(key) {
    if (document.body.dataset.connected !== "true") return false;
    if (key === "Escape" && document.body.dataset.mode !== "work") {
      this.#setMode("work");
      return true;
    }
    const quantity = this.#action("quantity");
    if (document.body.dataset.mode === "work" && /^\d$/.test(key) && quantity?.enabled) this.#setMode("quantity", quantity);
    return document.body.dataset.mode === "quantity" && part("number-pad").type(key);
  }

  /** A command that is answered at once never shows as unsent. */
  #showUnsent(waiting, tries) {
    clearTimeout(this.#unsentTimer);
    const show = () => part("unsent-note").show({ waiting });
    if (waiting.length === 0 || tries > 0) show();
    else this.#unsentTimer = setTimeout(show, SHOW_UNSENT_AFTER_MS);
  }
}

function part(selector) {
  return document.querySelector(selector);
}

function withSize(choice) {
  const size = [
    counted(choice.lines, "line"),
    counted(choice.units, "unit"),
    choice.ship_by ? `ship by ${moment(choice.ship_by, Date.now())}` : "",
  ];
  return { ...choice, size: size.filter(Boolean).map(whole).join(" · ") };
}

function faultSentence(fault) {
  return `This page met a fault of its own (${fault}). Nothing is lost; load the page again.`;
}
