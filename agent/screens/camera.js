/**
 * The device's own camera as a scanner, where the browser can read codes (`BarcodeDetector`).
 *
 * Of several codes in sight the one nearest the middle is meant. A code counts once for each time it is held there: it has
 * to be out of sight for a second before it counts again. The camera stops by itself when nothing was read for two minutes.
 */
import { h } from "./dom.js";
import { say } from "./words.js";

const LOOK_EVERY_MS = 120;
const OUT_OF_SIGHT_MS = 1000;
const UNUSED_MS = 120_000;
const FNC1 = "\x1d";

/** What the browser calls a symbology -> its AIM identifier without and with GS1 data; null where it would be a guess. */
/** @type {Record<string, [string|null, string|null]>} */
const AIM = {
  ean_13: ["]E0", null],
  ean_8: ["]E4", null],
  upc_a: ["]E0", null],
  code_39: ["]A0", null],
  code_93: ["]G0", null],
  codabar: ["]F0", null],
  itf: ["]I0", null],
  aztec: ["]z0", null],
  pdf417: ["]L0", null],
  code_128: [null, "]C1"],
  data_matrix: [null, "]d2"],
  qr_code: [null, "]Q3"],
};

/**
 * What the browser's reader tells of a code, and the reader itself, which not every browser has.
 * @typedef {{rawValue: string, format: string, boundingBox: {x: number, y: number, width: number, height: number}}} Seen
 * @typedef {{detect: (video: HTMLVideoElement) => Promise<Seen[]>}} Detector
 * @typedef {{new (options: {formats: string[]}): Detector, getSupportedFormats: () => Promise<string[]>}} DetectorClass
 */

/** The same code that stays in sight is one scan. */
export class Lockout {
  /** @type {Map<string, number>} */
  #seenAt = new Map();

  /**
   * Whether a code that is in sight now is new.
   * @param {string} code
   * @param {number} at in ms
   */
  isNew(code, at) {
    for (const [other, seenAt] of this.#seenAt) if (at - seenAt > OUT_OF_SIGHT_MS) this.#seenAt.delete(other);
    const isNew = !this.#seenAt.has(code);
    this.#seenAt.set(code, at);
    return isNew;
  }
}

export class Camera {
  /** @type {MediaStream|null} */
  #stream = null;
  #video = /** @type {HTMLVideoElement} */ (h("video", { playsinline: true, muted: true }));
  /** @type {Detector|null} */
  #detector = null;
  #lockout = new Lockout();
  #timer = 0;
  #usedAt = 0;

  /**
   * @param {HTMLElement} eye where the picture stands
   * @param {{onScan: (scan: {code: string, symbology?: string}) => void, onFault: (sentence: string) => void, onChange: (isOn: boolean) => void}} listeners
   */
  constructor(eye, listeners) {
    this.eye = eye;
    this.listeners = listeners;
    this.#video.muted = true;
    this.#video.setAttribute("aria-label", say("camera_view"));
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
  }

  get isOn() {
    return this.#stream !== null;
  }

  async toggle() {
    if (this.isOn) this.stop();
    else await this.#start();
  }

  stop() {
    clearTimeout(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
    this.eye.replaceChildren();
    this.eye.hidden = true;
    this.listeners.onChange(false);
  }

  async #start() {
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (fault) {
      if (!(fault instanceof DOMException)) throw fault;
      this.listeners.onFault(say(fault.name === "NotAllowedError" ? "camera_refused" : "camera_missing"));
      return;
    }
    const Reader = /** @type {{BarcodeDetector: DetectorClass}} */ (/** @type {unknown} */ (window)).BarcodeDetector;
    const formats = (await Reader.getSupportedFormats()).filter((format) => format in AIM);
    this.#detector = new Reader({ formats });
    this.#video.srcObject = this.#stream;
    this.eye.replaceChildren(this.#video);
    this.eye.hidden = false;
    await this.#video.play();
    this.#usedAt = performance.now();
    this.listeners.onChange(true);
    this.#lookAgain();
  }

  #lookAgain() {
    this.#timer = setTimeout(() => void this.#look(), LOOK_EVERY_MS);
  }

  async #look() {
    const found = (await this.#detector?.detect(this.#video)) ?? [];
    if (!this.isOn) return;
    const now = performance.now();
    const aimed = nearestMiddle(found, this.#video);
    if (aimed && this.#lockout.isNew(aimed.rawValue, now)) {
      this.#usedAt = now;
      this.listeners.onScan(asScan(aimed));
    }
    if (now - this.#usedAt > UNUSED_MS) this.stop();
    else this.#lookAgain();
  }
}

/**
 * A code that was read, as a scanner would tell it.
 * @param {{rawValue: string, format: string}} seen
 */
export function asScan({ rawValue, format }) {
  const isGs1 = rawValue.startsWith(FNC1);
  const symbology = AIM[format]?.[isGs1 ? 1 : 0];
  const code = isGs1 ? rawValue.slice(1) : rawValue;
  return symbology ? { code, symbology } : { code };
}

/**
 * @param {Seen[]} found
 * @param {HTMLVideoElement} video
 */
function nearestMiddle(found, { videoWidth, videoHeight }) {
  /** @param {Seen} seen */
  const away = ({ boundingBox: { x, y, width, height } }) => Math.hypot(x + width / 2 - videoWidth / 2, y + height / 2 - videoHeight / 2);
  return [...found].filter((each) => each.rawValue).sort((one, other) => away(one) - away(other))[0];
}
