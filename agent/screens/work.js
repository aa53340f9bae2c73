/** The screen of every kind of work: which one, by the address, and what stands beside the next thing. */
import { startWorkScreen } from "./work_screen.js";

/**
 * What a kind of work shows beside the next thing.
 * @typedef {{label: string, parts: string[], isFull: (view: import("./station.js").View) => boolean,
 *   draw: (view: import("./station.js").View, weight: import("./station.js").Weight|null) => void}} Side
 *   `label`: the word for screen readers; `parts`: names of the elements, in order
 */

/** @type {Record<string, () => Promise<{side: Side}>>} loaded only where this work is done */
const SIDES = {
  pick: () => import("./pick_side.js"),
  pack: () => import("./pack_side.js"),
  receive: () => import("./goods_side.js"),
  put_away: () => import("./goods_side.js"),
  count: () => import("./goods_side.js"),
  return: () => import("./goods_side.js"),
  inspect: () => import("./goods_side.js"),
  kit: () => import("./goods_side.js"),
  load: () => import("./load_side.js"),
};

const work = location.pathname.slice(1).replace("-", "_");
const { side } = await SIDES[work]();
startWorkScreen(work, side);
