/**
 * Code 128 (ISO/IEC 15417): from text, or from a ZPL field in mode N, to the widths of bars and spaces.
 * Widths begin with a bar and are in modules; a quiet zone of 10 modules belongs on each side.
 */

export const QUIET_ZONE = 10;

// Widths of bar, space, bar, space, bar, space for the values 0 to 105; every value is 11 modules wide.
const VALUES = `
  212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231
  113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211
  212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131
  113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111
  314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211
  241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141
  214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214
  211232
`.trim().split(/\s+/);
const STOP = "2331112";
/** @type {Record<string, number>} */
const START = { A: 103, B: 104, C: 105 };
/** @type {Record<string, number>} */
const TO = { A: 101, B: 100, C: 99 };
// What stands behind the `>` of a ZPL field.
/** @type {Record<string, string>} */
const SET_OF_START = { "9": "A", ":": "B", ";": "C" };
/** @type {Record<string, string>} */
const SET_OF_SHIFT = { "5": "C", "6": "B", "7": "A" };
/** @type {Record<string, string>} */
const CHARACTER_OF = { "<": "^", "0": ">", "=": "~" };
const FNC1 = 102;
const FNC2 = 97;
const FNC3 = 96;
const SHIFT = 98;
/** @type {Record<string, number>} */
const VALUE_OF = { "1": 95, "2": FNC3, "3": FNC2, "4": SHIFT, "8": FNC1 };

/** A barcode cannot hold this; the message says what and where. */
export class NotEncodable extends Error {}

/**
 * The barcode a scanner reads as `text`. A leading `]C1` makes it GS1-128; GS (1Dh) inside becomes FNC1.
 * @param {string} text
 * @returns {number[]} widths
 */
export function encodeText(text) {
  const gs1 = text.startsWith("]C1");
  const plain = gs1 ? text.slice(3) : text;
  /** @type {number[]} */
  const values = [];
  let set = "";
  /** @param {string} wanted */
  const use = (wanted) => {
    if (set !== wanted) values.push(set ? TO[wanted] : START[wanted]);
    set = wanted;
  };
  for (let at = 0; at < plain.length; ) {
    const digits = (/^\d*/.exec(plain.slice(at))?.[0] ?? "").length;
    const even = digits - (digits % 2);
    use(even >= 4 || (set === "C" && even >= 2) ? "C" : setFor(plain[at], set));
    if (gs1 && at === 0 && values.length === 1) values.push(FNC1);
    if (plain[at] === "\x1d") values.push(FNC1);
    else if (set === "C") values.push(Number(plain.slice(at, at + 2)));
    else values.push(valueOf(plain[at], set));
    at += set === "C" && plain[at] !== "\x1d" ? 2 : 1;
  }
  if (values.length === 0) throw new NotEncodable("There is nothing to encode.");
  return widths(values);
}

/**
 * The barcode of a ZPL `^BC` field in mode N, with its `>` codes (device_protocols 8.2).
 * @param {string} field
 * @returns {{widths: number[], text: string}} `text` is what stands under the bars
 */
export function encodeZpl(field) {
  const values = [];
  let set = "B";
  let text = "";
  const start = /^>[9:;]/.exec(field)?.[0];
  if (start) set = SET_OF_START[start[1]];
  values.push(START[set]);
  for (let at = start ? 2 : 0; at < field.length; ) {
    const pair = field.slice(at, at + 2);
    if (pair[0] === ">") {
      const found = zplCode(pair, set);
      values.push(...found.values);
      text += found.text;
      set = found.set;
      at += 2;
    } else if (set === "C") {
      if (!/^\d\d$/.test(pair)) throw new NotEncodable(`Set C holds pairs of digits; found "${pair}" in ${field}.`);
      values.push(Number(pair));
      text += pair;
      at += 2;
    } else {
      values.push(valueOf(field[at], set));
      text += field[at];
      at += 1;
    }
  }
  return { widths: widths(values), text };
}

/**
 * @param {string} pair
 * @param {string} set
 */
function zplCode(pair, set) {
  const other = SET_OF_SHIFT[pair[1]];
  if (other) return { values: [TO[other]], text: "", set: other };
  const character = CHARACTER_OF[pair[1]];
  if (character) return { values: [valueOf(character, set)], text: character, set };
  const value = VALUE_OF[pair[1]];
  if (value === undefined) throw new NotEncodable(`"${pair}" is no code of mode N.`);
  return { values: [value], text: "", set };
}

/**
 * @param {string} character
 * @param {string} set
 */
function setFor(character, set) {
  if (character === "\x1d") return set || "B";
  const code = character.charCodeAt(0);
  if (code < 32) return "A";
  if (code >= 96) return "B";
  return set === "A" ? "A" : "B";
}

/**
 * @param {string} character
 * @param {string} set
 */
function valueOf(character, set) {
  const code = character.charCodeAt(0);
  const value = set === "A" && code < 32 ? code + 64 : code - 32;
  if (value < 0 || value > (set === "A" ? 95 : 94)) {
    throw new NotEncodable(`Code 128 set ${set} has no "${character}" (U+${code.toString(16).padStart(4, "0")}).`);
  }
  return value;
}

/** @param {number[]} values */
function widths(values) {
  const check = values.reduce((sum, value, at) => sum + value * Math.max(1, at), 0) % 103;
  const symbols = [...values, check].map((value) => VALUES[value]);
  return [...symbols.join(""), ...STOP].map(Number);
}
