/** Rows of things to do, each with a shape and a word for how it stands. */
import { say } from "./words.js";

/**
 * State of a row -> its shape; `state_…` is its word.
 * @type {Record<string, string>}
 */
export const ROW_SHAPES = { open: "open", current: "current", done: "done", short: "short", skipped: "skipped" };

/**
 * The word of a row's state, for those who do not see its shape.
 * @param {string} state
 */
export function stateWord(state) {
  return say(`state_${state in ROW_SHAPES ? state : "open"}`);
}

/**
 * Scroll the row of now into its list, never the page.
 * @param {Element} panel
 */
export function showCurrent(panel) {
  /** @type {HTMLElement|null} */
  const row = panel.querySelector('[aria-current="true"]');
  const list = row?.parentElement;
  if (row && list) list.scrollTop = row.offsetTop - list.offsetTop - row.offsetHeight;
}
