/** What was chosen so far, and the tables of edge.toml it makes. No figure is invented: what is not said stays out. */

/**
 * @typedef {{file: string, host: string, version: string, works: string[], languages: string[], drivers: Record<string, string>}} Start
 * @typedef {{sort: string, name: string, address: string, settings: Record<string, any>, note: string}} Found
 * @typedef {{name: string, place: string, settings: Record<string, any>, found: Found|null, works: string}} Chosen `works`: a sentence, once it was tried
 * @typedef {{name: string, work: string}} Place
 * @typedef {{station: Record<string, string>, hq: Record<string, string>, key: string, enrolled: Record<string, any>|null,
 *   replaces: boolean, devices: Chosen[], places: Place[], person: {id: string, name: string, badge: string, pin: string}}} Draft
 */

export const SECRET = "hq-main";

/** @param {Start} start @returns {Draft} */
export function emptyDraft(start) {
  const id = plainName(start.host) || "station-1";
  return {
    station: { id, warehouse_id: "", language: "en", timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC" },
    hq: { dialect: "ofs", url: "", tenant: "" },
    key: "",
    enrolled: null,
    replaces: false,
    devices: [],
    places: [{ name: "pack-1", work: "pack" }],
    person: { id: "", name: "", badge: "", pin: "" },
  };
}

/** A name as edge.toml takes it. @param {string} text */
export function plainName(text) {
  return text.toLowerCase().replace(/[^a-z0-9_-]+/g, "-").replace(/^[^a-z0-9]+|-+$/g, "").slice(0, 40);
}

/** The tables of edge.toml. @param {Draft} draft @returns {Record<string, any>} */
export function tablesOf(draft) {
  const used = draft.devices.filter((each) => each.place);
  const given = draft.enrolled?.workplaces ?? {};
  const devicesAt = (/** @type {string} */ name) => [...(given[name]?.devices ?? []), ...used.filter((each) => each.place === name).map((each) => each.name)];
  const tables = {
    station: said(draft.station),
    devices: Object.fromEntries(used.map((each) => [each.name, each.settings])),
    workplaces: Object.fromEntries(draft.places.map(({ name, work }) => [name, { work, devices: devicesAt(name) }])),
  };
  return { ...tables, ...hqOf(draft), ...peopleOf(draft) };
}

/** Tables as the lines of edge.toml, for a person to read. @param {Record<string, any>} tables @param {string} [at] @returns {string} */
export function linesOf(tables, at = "") {
  const isTable = (/** @type {any} */ value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const plain = Object.entries(tables).filter(([, value]) => !isTable(value));
  const own = plain.map(([key, value]) => `${key} = ${Array.isArray(value) ? `[${value.map((each) => JSON.stringify(each)).join(", ")}]` : JSON.stringify(value)}`);
  const inner = Object.entries(tables).filter(([, value]) => isTable(value)).map(([key, value]) => linesOf(value, at ? `${at}.${key}` : key));
  return [...(own.length ? [[`[${at}]`, ...own].join("\n")] : []), ...inner.filter(Boolean)].join("\n\n");
}

/** @param {Draft} draft */
function hqOf({ hq, enrolled }) {
  if (enrolled || !hq.url) return {};
  return { hq: { main: { ...said(hq), secret: SECRET } } };
}

/** @param {Draft} draft */
function peopleOf({ person }) {
  if (!person.id) return {};
  return { workers: { [person.id]: { name: person.name, badge: person.badge, roles: ["admin"] } } };
}

/** What is sent at the end. @param {Draft} draft */
export function finishOf(draft) {
  return {
    tables: tablesOf(draft),
    secrets: draft.key && draft.hq.url && !draft.enrolled ? { [SECRET]: draft.key } : {},
    pins: draft.person.id && draft.person.pin ? { [draft.person.id]: draft.person.pin } : {},
  };
}

/** Without what was left empty. @param {Record<string, string>} values */
function said(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
}
