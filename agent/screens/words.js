/**
 * What the pages say by themselves, in the language of whoever works. Everything about the work comes from the station.
 *
 * A language is one file for each kind of page: `words/work.de.js` for the work screens, `words/desk.de.js` for desks.
 * A sentence is text with blanks like `{n}`, or, where a number changes its words, one text for each plural form.
 */
import { WORDS as WORK } from "./words/work.en.js";

const LANGUAGES = ["en", "de", "es", "pl", "fr", "zh", "ar"];
const RIGHT_TO_LEFT = new Set(["ar"]);
const BLANK = /\{(\w+)\}/g;
const MINUTE_MS = 60_000;

/** @type {Record<string, string|Record<string, string>>} */
let words = WORK;
let language = "en";
let plurals = new Intl.PluralRules("en");

/** The language that is spoken now. */
export function spoken() {
  return language;
}

/** The first language of this browser that the pages speak, else English: for pages before anybody is known. */
export function preferred() {
  return navigator.languages.map((each) => each.slice(0, 2)).find((each) => LANGUAGES.includes(each)) ?? "en";
}

/**
 * Speak another language from now on; the page has to be drawn anew.
 * @param {string} wanted
 * @param {string[]} kinds which files
 */
export async function speak(wanted, kinds = ["work"]) {
  const files = await Promise.all(kinds.map((kind) => import(`./words/${kind}.${wanted}.js`)));
  words = Object.assign({}, ...files.map((file) => file.WORDS));
  language = wanted;
  plurals = new Intl.PluralRules(wanted);
  document.documentElement.lang = wanted;
  document.documentElement.dir = RIGHT_TO_LEFT.has(wanted) ? "rtl" : "ltr";
}

/**
 * A sentence of ours with its blanks filled in; `n` decides between plural forms.
 * @param {string} key
 * @param {Record<string, any>} [values]
 * @returns {string}
 */
export function say(key, values = {}) {
  const found = words[key];
  if (found === undefined) throw new Error(`no words for ${key} in ${language}`);
  const text = typeof found === "string" ? found : (found[plurals.select(Number(values.n))] ?? found.other);
  return text.replace(BLANK, (_, name) => String(values[name]));
}

/**
 * Whether there are words for a key: for words of ours that depend on a state of the station.
 * @param {string} key
 */
export function has(key) {
  return key in words;
}

/**
 * How long ago `at` was, in the largest whole unit: "under 1 min", "3 min", "2 h", "4 days".
 * @param {string} at
 * @param {number} now
 */
export function age(at, now) {
  const minutes = Math.max(0, Math.floor((now - Date.parse(at)) / MINUTE_MS));
  if (minutes < 1) return say("under_a_minute");
  if (minutes < 60) return say("minutes", { n: minutes });
  if (minutes < 48 * 60) return say("hours", { n: Math.floor(minutes / 60) });
  return say("days", { n: Math.floor(minutes / (24 * 60)) });
}

/**
 * A moment as the floor says it: the time alone for today, else day and time.
 * @param {string} at
 * @param {number} now
 */
export function moment(at, now) {
  const date = new Date(at);
  // The digits of codes and quantities, which are the same in every language.
  const time = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", numberingSystem: "latn" });
  const today = date.toDateString() === new Date(now).toDateString();
  return date.toLocaleString(language, today ? time : { weekday: "short", day: "numeric", month: "short", ...time });
}

/**
 * A fact whose words stay on one line.
 * @param {string} fact
 */
export function whole(fact) {
  return fact.replaceAll(" ", "\u00a0");
}

/**
 * What a command is, for the person who waits for its answer.
 * @param {string} name
 * @param {Record<string, any>} body
 */
export function command(name, body) {
  const key = `unsent_${name.replaceAll("-", "_")}`;
  return has(key) ? say(key, body) : name;
}
