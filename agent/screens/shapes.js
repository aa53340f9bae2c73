/** Every drawn sign. A meaning is never a colour alone: each has its own outline. */
import { svg } from "./dom.js";

const LINE = { fill: "none", stroke: "currentColor", "stroke-width": 2.2, "stroke-linecap": "round", "stroke-linejoin": "round" };
const SOLID = { fill: "currentColor" };
const CUT = { ...LINE, stroke: "var(--cut, var(--surface-1))", "stroke-width": 2.6 };

/** @type {Record<string, [Record<string, any>, string][]>} */
const DRAWINGS = {
  // the four meanings
  done: [[SOLID, "M12 1a11 11 0 1 1 0 22a11 11 0 0 1 0-22z"], [CUT, "M6.5 12.5l3.8 3.8l7.2-8"]],
  refused: [[SOLID, "M3 1h18a2 2 0 0 1 2 2v18a2 2 0 0 1-2 2h-18a2 2 0 0 1-2-2v-18a2 2 0 0 1 2-2z"], [CUT, "M7.5 7.5l9 9M16.5 7.5l-9 9"]],
  ask: [[SOLID, "M12 .5l11.5 11.5l-11.5 11.5l-11.5-11.5z"], [CUT, "M9.3 9.4a2.7 2.7 0 1 1 4 2.4c-.9.5-1.3 1-1.3 2.1M12 17.3v.1"]],
  note: [[SOLID, "M8 1h8a2 2 0 0 1 2 2v18a2 2 0 0 1-2 2h-8a2 2 0 0 1-2-2v-18a2 2 0 0 1 2-2z"], [CUT, "M12 6.5v.1M12 11v6.5"]],
  // how a thing stands
  good: [[SOLID, "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16z"]],
  away: [[LINE, "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16zM4.5 19.5l15-15"]],
  paused: [[{ ...LINE, "stroke-width": 4 }, "M8 5v14M16 5v14"]],
  unknown: [[{ ...LINE, "stroke-dasharray": "3 4" }, "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16z"]],
  moving: [[LINE, "M2 12c2.5-6 5-6 6.7 0s4.200 6 6.700 0s4.200-6 6.600 0"]],
  open: [[LINE, "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16z"]],
  current: [[SOLID, "M6 3.500l14 8.500l-14 8.500z"]],
  short: [[LINE, "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16zM8 12h8"]],
  skipped: [[LINE, "M4 15a8 8 0 0 1 15-2M20 6.500l-.8 6.700l-6.500-1.200"]],
  // what to do next
  sign_in: [[LINE, "M4 6h16v14h-16zM9.500 6v-3h5v3M7 16.500c.6-3 5.400-3 6 0M10 10a1.600 1.600 0 1 0 .01 0M15.500 11h2M15.500 15h2"]],
  choose: [[LINE, "M4 6h2M4 12h2M4 18h2M10 6h10M10 12h10M10 18h10"]],
  scan_location: [[LINE, "M12 22c-5-6-7.500-9.500-7.500-13a7.500 7.500 0 0 1 15 0c0 3.500-2.500 7-7.500 13zM12 6.500a2.500 2.500 0 1 0 .01 0"]],
  scan_item: [[LINE, "M3 7v-4h4M17 3h4v4M21 17v4h-4M7 21h-4v-4M7 8v8M10.300 8v8M13 8v8M17 8v8"]],
  scan_parcel: [[LINE, "M3 7.500l9-4.500l9 4.500v9.500l-9 4.500l-9-4.500zM3 7.500l9 4.500l9-4.500M12 12v9.500"]],
  complete: [[LINE, "M3 12.500l6 6l12-13"]],
  scan_tote: [[LINE, "M3 8h18l-2 12h-14zM8 8l4-5l4 5M9 12v4M12 12v4M15 12v4"]],
  photo: [[LINE, "M3 7h4l2-3h6l2 3h4v13h-18zM12 9.500a4 4 0 1 1 0 8a4 4 0 0 1 0-8z"]],
  weigh: [[LINE, "M3 8h18M5 8l1 12h12l1-12M7 4h10M12 8v-4M12 17l2.500-4.500"]],
  seal: [[LINE, "M3 7.500l9-4.500l9 4.500v9.500l-9 4.500l-9-4.500zM7.500 5.200l9 4.600v4.200M3 7.500l9 4.500l9-4.500"]],
  label: [[LINE, "M6 9v-6h12v6M6 18h-3v-9h18v9h-3M6 14h12v7h-12zM17.500 12v.1"]],
  wait: [[LINE, "M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18zM12 7.500v5l3.500 2"]],
  // what a person can do
  undo: [[LINE, "M8 5l-4.500 4.500l4.500 4.500M4 9.500h10a5.500 5.500 0 0 1 0 11h-4"]],
  skip: [[LINE, "M5 5l8 7l-8 7zM18 5v14"]],
  more: [[{ ...LINE, "stroke-width": 4 }, "M5 12h.1M12 12h.1M19 12h.1"]],
  "next-parcel": [[LINE, "M2 9l7-3.500l7 3.500v8l-7 3.500l-7-3.500zM2 9l7 3.500l7-3.500M20 4v6M17 7h6"]],
  repack: [[LINE, "M3 8h13M12 4l4 4l-4 4M21 16h-13M12 12l-4 4l4 4"]],
  measure: [[LINE, "M2 8h20v8h-20zM6 8v3M10 8v4M14 8v3M18 8v4"]],
  material: [[LINE, "M7 3a3 3 0 1 1-.1 0M17 3a3 3 0 1 1-.1 0M12 9a3 3 0 1 1-.1 0M7 15a3 3 0 1 1-.1 0M17 15a3 3 0 1 1-.1 0"]],
  "sign-out": [[LINE, "M10 4h-5v16h5M14 8l4 4l-4 4M18 12h-9"]],
  quantity: [[LINE, "M4 3h16v18h-16zM8 8h.1M12 8h.1M16 8h.1M8 12.500h.1M12 12.500h.1M16 12.500h.1M8 17h.1M12 17h.1M16 17h.1"]],
  "label-reprint": [[LINE, "M6 9v-6h12v6M6 18h-3v-9h18v9h-3M6 14h12v7h-12zM12 16v3M10.500 17.500h3"]],
  "label-void": [[LINE, "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16zM6.500 6.500l11 11"]],
  "label-decision": [[LINE, "M6 9v-6h12v6M6 18h-3v-9h18v9h-3M6 14h12v7h-12z"]],
  set: [[LINE, "M4 20h4l11-11l-4-4l-11 11zM13 7l4 4"]],
  scan: [[LINE, "M3 6h18v12h-18zM6 9.500h.1M9 9.500h.1M12 9.500h.1M15 9.500h.1M18 9.500h.1M7 14.500h10"]],
  decide: [[LINE, "M12 3v6M12 9l-7 7v5M12 9l7 7v5"]],
  "qc-start": [[LINE, "M10 4a6 6 0 1 1 0 12a6 6 0 0 1 0-12zM14.500 14.500l6 6"]],
  "qc-record": [[LINE, "M4 3h16v18h-16zM8 12.500l3 3l5.500-6.500"]],
  "qc-resolve": [[LINE, "M12 3v6M12 9l-7 7v5M12 9l7 7v5"]],
  "goods-label": [[LINE, "M3 4h9l9 9l-8 8l-10-10zM7.500 8.500h.1"]],
  "inbound-reject": [[LINE, "M3 17h11v-9h4l3 4v5h-2M6 17a2 2 0 1 0 .1 0M17 17a2 2 0 1 0 .1 0M3 4l6 6M9 4l-6 6"]],
  "inbound-close": [[LINE, "M4 4h16v16h-16zM8 12.500l3 3l5.500-6.500"]],
  "manifest-close": [[LINE, "M3 5h13v12h-13zM16 9h3l2 3v5h-5M7 17a2 2 0 1 0 .1 0M17 17a2 2 0 1 0 .1 0"]],
  "parcel-unload": [[LINE, "M4 11l8-4l8 4v9h-16zM12 16v-13M8.500 6.500l3.500-3.500l3.500 3.500"]],
  back: [[LINE, "M11 5l-7 7l7 7M4 12h16"]],
  erase: [[LINE, "M8 5h13v14h-13l-6-7zM11.500 9l6 6M17.500 9l-6 6"]],
  unplugged: [[LINE, "M3 3l18 18M9 3v5M15 3v5M6 8h9M18 8v3a6 6 0 0 1-1.200 3.600M6 8v3a6 6 0 0 0 6 6c1 0 1.800-.2 2.500-.5M12 17v5"]],
};

/**
 * What looks like another thing, for it is the same to the eye.
 * @type {Record<string, string>}
 */
const ALIKE = {
  confirm: "complete",
  carton: "scan_parcel",
  parcel: "scan_parcel",
  "package-void": "label-void",
  "inbound-allow": "complete",
  "inbound-reopen": "undo",
  "picklist-release": "paused",
  replan: "scan_location",
  zone: "scan_location",
  serials: "set",
  camera: "photo",
  "picks-rebin": "undo",
  print: "label-reprint",
  discard: "label-void",
  came_out: "complete",
  did_not: "erase",
  damaged: "short",
};

/** @param {string} name one of DRAWINGS; the words beside it carry the meaning for a screen reader */
export function shape(name) {
  const drawing = DRAWINGS[ALIKE[name] ?? name] ?? DRAWINGS.unknown;
  return svg(
    "svg",
    { class: "shape", viewBox: "0 0 24 24", "aria-hidden": "true", "data-shape": name },
    ...drawing.map(([look, d]) => svg("path", { ...look, d })),
  );
}
