/** What the screens of all kinds of work share: the live line, the commands, the keys, the voice, and the three bands. */
import "./actions.js";
import { SeenAnswers } from "./answer_band.js";
import { said } from "./asking.js";
import { Commands } from "./commands.js";
import { Panel, part } from "./dom.js";
import "./key_pad.js";
import "./next_thing.js";
import "./settings.js";
import { Voice } from "./sound.js";
import { Live, backoffMs, call } from "./station.js";
import "./strip.js";
import { watchKeys } from "./wedge.js";
import { moment, say, speak, spoken, whole } from "./words.js";

/** @import {Action, Answer, Choice, View, Weight} from "./station.js" */

const SHOW_UNSENT_AFTER_MS = 300;
const AGES_EVERY_MS = 10_000;
/** Codes whose text can be read with their AIM identifier alone: as an answer they keep it. */
const GS1 = new Set(["]C1", "]e0", "]d2", "]Q3", "]J1"]);

/**
 * Start a work screen.
 * @param {string} work
 * @param {import("./work.js").Side} side what stands beside the next thing
 */
export async function startWorkScreen(work, side) {
  document.body.dataset.work = work;
  const screen = new WorkScreen(work, side);
  const workplace = await findWorkplace(work, screen);
  if (workplace) screen.connect(workplace);
}

/**
 * The workplace in the address, else the station's first of this work; null when it has none.
 * @param {string} work
 * @param {WorkScreen} screen
 * @returns {Promise<string|null>}
 */
async function findWorkplace(work, screen) {
  const named = new URLSearchParams(location.search).get("workplace");
  if (named) return named;
  for (let tries = 0; ; tries += 1) {
    const reply = await call("/v1/station/workplaces");
    const found = reply?.body.workplaces?.find((/** @type {{workplace: string, work: string}} */ each) => each.work === work);
    if (found) return found.workplace;
    if (reply) {
      screen.refuse(reply.body.error?.message ?? say("no_workplace", { work: say(`title_${work}`) }));
      return null;
    }
    screen.setConnected(false);
    await new Promise((wake) => setTimeout(wake, backoffMs(tries, Math.random())));
  }
}

class WorkScreen {
  /** @type {View|null} */
  #view = null;
  /** @type {View|null} */
  #newest = null;
  /** @type {Weight|null} */
  #weight = null;
  /** @type {Action|null} */
  #openedFor = null;
  #seen = new SeenAnswers();
  #lastScan = { code: "", at: -Infinity };
  #hasConnected = false;
  #unsentTimer = 0;
  /** The command that what is keyed became; until its answer the keys stay. */
  #keyedAs = "";
  /** @type {import("./camera.js").Camera|null} made when it is first wanted */
  #eye = null;

  /**
   * @param {string} work
   * @param {import("./work.js").Side} side
   */
  constructor(work, side) {
    this.work = work;
    this.side = side;
    part("aside").replaceChildren(...side.parts.map((name) => document.createElement(name)));
    this.voice = new Voice(() => this.#drawStrip());
    watchKeys({
      onScan: (scan, at) => this.#scan(scan, at),
      onPieces: () => this.refuse(say("in_pieces")),
      onTyped: (key) => this.#typed(key),
    });
    document.addEventListener("command", (/** @type {any} */ { detail }) => this.#pressed(detail));
    document.addEventListener("photo", (/** @type {any} */ { detail }) => void this.#photo(detail));
    document.addEventListener("held", (/** @type {any} */ { detail }) => (detail.again ? this.commands?.release() : this.commands?.discard()));
    document.addEventListener("camera", () => void this.#camera());
    document.addEventListener("mode", (/** @type {any} */ { detail }) => this.#setMode(detail.mode, detail.action));
    window.addEventListener("error", (event) => this.refuse(say("own_fault", { fault: event.message })));
    window.addEventListener("unhandledrejection", (event) => this.refuse(say("own_fault", { fault: event.reason })));
    setInterval(() => this.#drawStrip(), AGES_EVERY_MS);
    this.#setMode("work");
    part("answer-band").show(null);
    this.#name();
  }

  /** @param {string} workplace */
  connect(workplace) {
    this.commands = new Commands(workplace, {
      onAnswer: (answer) => this.#answer(answer),
      onRefused: (message) => this.refuse(message),
      onWaiting: (waiting, tries) => this.#showUnsent(waiting, tries),
      onHeld: (held, now) => part("held-note").show({ held, worker: now?.worker ?? null }),
    });
    this.live = new Live(workplace, {
      onMessage: (message) => this.#heard(message),
      onConnection: (connected) => this.setConnected(connected),
    });
  }

  /**
   * Show whether the station is there. A page without it is grey from edge to edge and its buttons are dead.
   * @param {boolean} connected
   */
  setConnected(connected) {
    const was = document.body.dataset.connected;
    document.body.dataset.connected = String(connected);
    part("connection-band").show(connected ? "" : say("not_connected"));
    part(".live").inert = !connected;
    if (connected && this.#hasConnected && was === "false") this.voice.give("back");
    if (!connected && was === "true") this.voice.give("lost");
    this.#hasConnected ||= connected;
    if (!connected) this.commands?.unsure();
  }

  /**
   * A refusal of the page or of the station's door: it has no number, so it is always news.
   * @param {string} text
   */
  refuse(text) {
    part("answer-band").show({ tone: "refused", text });
    this.voice.give("refused");
  }

  /** @param {any} message */
  #heard(message) {
    if (message.kind === "view") void this.#show(message.view);
    else if (message.kind === "answer") this.#answer(message.answer);
    else if (message.kind === "weight") {
      this.#weight = message.weight;
      if (this.#view) this.#drawSide(this.#view);
    }
  }

  /**
   * Draw a view, in the language of whoever works here now; where its words cannot be fetched, in the one that is there.
   * @param {View} view
   */
  async #show(view) {
    this.#newest = view;
    if (view.language !== spoken()) await this.#speak(view.language);
    if (this.#newest === view) this.#draw(view);
  }

  /** @param {string} language */
  async #speak(language) {
    try {
      await speak(language);
    } catch (fault) {
      if (!(fault instanceof TypeError)) throw fault; // the station went away just now; the next view asks again
      return;
    }
    this.#name();
    for (const each of document.querySelectorAll("*")) if (each instanceof Panel) each.redraw();
  }

  /** The words that stand on the page whatever the view says. */
  #name() {
    document.title = say(`title_${this.work}`);
    part("aside").setAttribute("aria-label", say(this.side.label));
    part("action-bar").setAttribute("aria-label", say("can_be_done"));
    if (this.#view === null) part("next-thing .words").textContent = say("waiting_for_station");
  }

  /** @param {Answer} answer */
  #answer(answer) {
    if (!this.#seen.isNew(answer)) return;
    this.#showAnswer(answer);
    this.voice.give(answer.tone);
    if (answer.tone !== "refused" && (!this.#isCollecting() || answer.command_id === this.#keyedAs)) this.#setMode("work");
  }

  /** @param {{number?: number, tone: string, text: string}} answer one without a number is the page's own */
  #showAnswer({ number, tone, text }) {
    part("answer-band").show({ number, tone, text });
  }

  /** @param {View} view */
  #draw(view) {
    const first = this.#view === null;
    this.#view = view;
    document.body.dataset.do = view.next.do;
    document.body.dataset.scanner = view.devices.some(({ kind }) => kind === "scanner") ? "station" : "page";
    this.commands?.seen({ worker: view.worker?.worker_id ?? "", name: view.worker?.name ?? "", work: view.progress?.id ?? "" });
    if (!this.#canStay(view)) this.#setMode("work");
    else if (document.body.dataset.mode === "more") this.#setMode("more"); // with the actions of now
    part("notice-list").show({ view: { lanes: view.lanes, devices: view.devices, problems: view.problems } });
    part("action-bar").show({ actions: view.actions, next: view.next });
    part("choice-list").show({ choices: (view.choices ?? []).map(withSize) });
    part("screen-settings").hidden = view.next.do !== "sign_in" || Boolean(view.progress);
    this.#drawSide(view);
    this.#drawStrip();
    if (view.answer && first && this.#seen.isNew(view.answer)) this.#showAnswer(view.answer); // it sounded before the page was loaded
    else if (view.answer) this.#answer(view.answer);
    part(".stage").scrollTop = 0;
    window.scrollTo(0, 0);
    this.#drawNext(view);
  }

  /** @param {View} view */
  #drawSide(view) {
    document.body.dataset.side = this.side.isFull(view) ? "full" : "none";
    this.side.draw(view, this.#weight);
  }

  /** @param {View} view */
  #drawNext({ next, progress }) {
    const { mode } = document.body.dataset;
    part("next-thing").show({ next, progress, quantity: mode === "work" ? this.#action("quantity") : null, mode });
  }

  #drawStrip() {
    if (!this.#view) return;
    const minute = Math.floor(Date.now() / AGES_EVERY_MS) * AGES_EVERY_MS;
    part("station-strip").show({ view: this.#view, now: minute, soundOff: this.voice.locked, camera: this.#eye?.isOn ?? false });
  }

  /** @param {string} name */
  #action(name) {
    return this.#view?.actions.find((action) => action.do === name) ?? null;
  }

  /**
   * What was opened stays open only while the work still allows what it was opened for.
   * @param {View} view
   */
  #canStay({ actions, labels, checks }) {
    if (document.body.dataset.mode === "more") return actions.some((action) => action.place === "more" && action.enabled);
    const asked = this.#openedFor?.root ?? this.#openedFor;
    if (!asked) return true;
    /** @param {Action} action */
    const same = ({ do: name, label, body }) => name === asked.do && label === asked.label && JSON.stringify(body) === JSON.stringify(asked.body);
    const all = [...actions, ...[...(labels ?? []), ...(checks ?? [])].flatMap((each) => each.actions)];
    return all.some((action) => same(action) && action.enabled);
  }

  /**
   * @param {"work"|"more"|"reasons"|"pad"} mode
   * @param {Action|null} [action] what the reasons or the keys are for
   */
  #setMode(mode, action = null) {
    const byKeyboard = document.activeElement?.matches("button:focus-visible");
    document.body.dataset.mode = mode;
    this.#openedFor = action;
    const behind = this.#view?.actions.filter((each) => each.place === "more" && each.enabled) ?? [];
    const more = mode === "more" ? { more: behind } : null;
    part("reason-tiles").show(mode === "reasons" ? action : more);
    part("key-pad").open(mode === "pad" ? action : null);
    if (this.#view) this.#drawNext(this.#view);
    // The button that was pressed is out of sight now: who walks by keyboard goes on at the first reason or key.
    if (byKeyboard && mode !== "work") part(":is(reason-tiles, key-pad) button").focus();
  }

  /** Whether many codes are being keyed: a scan in between counts by itself and leaves them there. */
  #isCollecting() {
    return document.body.dataset.mode === "pad" && this.#openedFor?.pad === "texts";
  }

  /**
   * @param {{code: string, symbology?: string}} scan
   * @param {number} at
   */
  #scan(scan, at) {
    const asked = this.#openedFor?.root ? this.#openedFor : null; // the first key of an act is closed by a scan
    if (asked?.pad === "pin") {
      this.refuse(say("pin_is_keyed")); // a badge that was read twice, or a PIN that was typed as fast as a scanner types
      return;
    }
    const last = this.#lastScan;
    this.#lastScan = { code: scan.code, at };
    if (!asked && !this.#isCollecting()) this.#setMode("work");
    if (last.code === scan.code && at - last.at < (this.#view?.same_scan_ms ?? 0)) {
      this.#showAnswer({ tone: "note", text: say("scanned_again", { code: scan.code }) });
      return;
    }
    if (asked?.pad === "text") {
      said(part("key-pad"), asked, GS1.has(scan.symbology ?? "") ? `${scan.symbology}${scan.code}` : scan.code);
      return;
    }
    if (asked) this.#setMode("work");
    this.#command("scan", scan);
  }

  /** @param {{name: string, body: Record<string, any>, path?: string|null}} pressed what a person chose by hand */
  #pressed({ name, body, path }) {
    if (body.approval) {
      this.#showAnswer({ tone: "note", text: say("allow_asked") });
      void this.commands?.once(name, body, path);
      return;
    }
    const command_id = this.#command(name, body, path);
    if (this.#isCollecting()) this.#keyedAs = command_id;
  }

  /**
   * Its id; empty when too many wait already.
   * @param {string} name
   * @param {Record<string, any>} body
   * @param {string|null} [path]
   */
  #command(name, body, path = null) {
    const command_id = this.commands?.add(name, body, path) ?? "";
    if (this.commands && !command_id) this.refuse(say("too_many_unsent"));
    return command_id;
  }

  /**
   * A photo goes to the station first; then the command says what it is of.
   * @param {{action: Action, file: File}} taken
   */
  async #photo({ action, file }) {
    this.#showAnswer({ tone: "note", text: say("photo_on_its_way") });
    const { keepPhoto } = await import("./photo.js");
    const { sha256, sentence } = await keepPhoto(file, action.about ?? "");
    if (sha256) this.#command(action.do, { ...action.body, [action.member]: sha256 }, action.path);
    else this.refuse(sentence ?? say("photo_not_kept"));
  }

  /** Scanning with the device's own camera, as long as it is used. */
  async #camera() {
    const { Camera } = await import("./camera.js");
    this.#eye ??= new Camera(part("camera-eye"), {
      onScan: (scan) => this.#scan(scan, performance.now()),
      onFault: (sentence) => this.refuse(sentence),
      onChange: () => this.#drawStrip(),
    });
    await this.#eye.toggle();
  }

  /** @param {string} key */
  #typed(key) {
    if (document.body.dataset.connected !== "true") return false;
    if (key === "Escape" && document.body.dataset.mode !== "work") {
      this.#setMode("work");
      return true;
    }
    const pad = document.body.dataset.mode === "work" && /^[!-~]$/.test(key) ? this.#padFor(key) : null;
    if (pad) this.#setMode("pad", pad);
    return document.body.dataset.mode === "pad" && part("key-pad").type(key);
  }

  /**
   * What a person who types means: what is asked for now, a digit else the quantity, anything else a code.
   * @param {string} key
   */
  #padFor(key) {
    const { actions, next } = this.#view ?? { actions: [], next: null };
    const open = actions.filter((action) => action.enabled && action.pad && action.pad !== "photo");
    const wanted = open.find((action) => action.place === "first" || (action.do === next?.do && action.place !== "more"));
    const quantity = /^\d$/.test(key) ? open.find((action) => action.do === "quantity") : null;
    return wanted ?? quantity ?? open.find((action) => action.do === "scan") ?? null;
  }

  /**
   * A command that is answered at once never shows as unsent.
   * @param {import("./commands.js").Waiting[]} waiting
   * @param {number} tries
   */
  #showUnsent(waiting, tries) {
    clearTimeout(this.#unsentTimer);
    const show = () => part("unsent-note").show({ waiting });
    if (waiting.length === 0 || tries > 0) show();
    else this.#unsentTimer = setTimeout(show, SHOW_UNSENT_AFTER_MS);
  }
}

/**
 * A choice that says how much it is.
 * @param {Choice} choice
 * @returns {Choice}
 */
function withSize(choice) {
  if (choice.size) return choice;
  const size = [
    choice.lines === null ? "" : say("lines", { n: choice.lines }),
    choice.units === null ? "" : say("units", { n: choice.units }),
    choice.ship_by ? say("ship_by", { moment: moment(choice.ship_by, Date.now()) }) : "",
  ];
  return { ...choice, size: size.filter(Boolean).map(whole).join(" · ") };
}
