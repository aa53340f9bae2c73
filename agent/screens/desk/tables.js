/** Tables of a desk, and the same rows as a file for a spreadsheet. */
import { h } from "../dom.js";
import { say } from "../words.js";

const BOM = "\ufeff";
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/**
 * @typedef {{name: string, columns: string[], rows: (string|number)[][]}} Table `name` becomes the name of its file
 */

/**
 * A table with a way to take it along. `draw` may make more of a cell than its text.
 * @param {Table} table
 * @param {(row: number, column: number, text: string) => Node|string} [draw]
 */
export function tableOf(table, draw = (_row, _column, text) => text) {
  const numeric = table.columns.map((_, column) => table.rows.length > 0 && table.rows.every((row) => NUMBER.test(String(row[column]))));
  const cell = (/** @type {string|number} */ value, /** @type {number} */ row, /** @type {number} */ column) =>
    h(column ? "td" : "th", { scope: column ? null : "row", class: numeric[column] ? "number" : null }, h("bdi", {}, draw(row, column, String(value))));
  return h(
    "div",
    { class: "table" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, ...table.columns.map((each, column) => h("th", { scope: "col", class: numeric[column] ? "number" : null }, each)))),
      h("tbody", {}, ...table.rows.map((row, place) => h("tr", {}, ...row.map((value, column) => cell(value, place, column))))),
    ),
    saveButton(table),
  );
}

/**
 * The table behind a drawing: shut until somebody wants it.
 * @param {Table} table
 */
export function tableBehind(table) {
  return h("details", { "data-key": `table ${table.name}` }, h("summary", {}, say("sv_as_table")), tableOf(table));
}

/**
 * The rows as RFC 4180 has them, with a byte order mark for the spreadsheets that need it. No cell is taken for a formula.
 * @param {Table} table
 */
export function csvOf({ columns, rows }) {
  const lines = [columns, ...rows].map((row) => row.map((value) => field(String(value))).join(","));
  return BOM + lines.map((line) => `${line}\r\n`).join("");
}

/**
 * Hand a text to the person as a file.
 * @param {string} name
 * @param {string} text
 * @param {string} type
 */
export function save(name, text, type) {
  const link = /** @type {HTMLAnchorElement} */ (h("a", { download: name, href: URL.createObjectURL(new Blob([text], { type })) }));
  link.click();
  URL.revokeObjectURL(link.href);
}

/** @param {Table} table */
function saveButton(table) {
  const press = () => save(`${table.name}.csv`, csvOf(table), "text/csv;charset=utf-8");
  return h("button", { type: "button", class: "save", "data-key": `csv ${table.name}`, "data-csv": table.name, on: { click: press } }, say("sv_save_csv"));
}

/** @param {string} text */
function field(text) {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
