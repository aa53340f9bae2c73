/**
 * Tells a scanner that types from a person who types, for the whole page, whatever has the focus.
 *
 * Every character is held back until it is known whose it is. A burst (4 characters or more, by the keys' own times at
 * most 35 ms apart on average, ended by Enter, Tab or 60 ms of silence) is a scan and reaches no field; anything else is
 * handed on as typed.
 * A burst that follows on another run of keys without an Enter between is a scan in pieces: it is reported, never used.
 */

const BETWEEN_KEYS_MS = 35;
const SILENCE_MS = 60;
const SETTLE_MS = 120; // on our clock: a busy machine hands over keys later than their own times say
const BURST_SETTLE_MS = 300; // half a code must not pass for a scan because the other half is late
const LATE_MS = 20; // a timer this late means the page itself was busy: keys may still be on their way
const PIECES_MS = 150;
const SHORTEST = 4;
const LONGEST = 4096;
const GROUP_SEPARATOR = "\x1d";
const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock"]);

/**
 * @typedef {Object} Listeners
 * @property {(scan: {code: string, symbology?: string}, at: number) => void} onScan `at`: when its last key came, in ms
 * @property {() => void} onPieces a scan came in pieces and was thrown away
 * @property {(key: string) => boolean} onTyped a person's key; true when it was used and must do nothing else
 */

/** @param {Listeners} listeners */
export function watchKeys(listeners) {
  const keys = new Keys(listeners);
  window.addEventListener("keydown", (event) => keys.down(event), { capture: true });
  window.addEventListener("keyup", (event) => keys.up(event), { capture: true });
}

/**
 * A scan's text as {code, symbology}: a leading AIM identifier such as `]C1` is set apart.
 * @param {string} text
 * @returns {{code: string, symbology?: string}}
 */
export function splitSymbology(text) {
  const found = /^(\][A-Za-z][0-9A-Za-z])(.+)$/s.exec(text);
  return found ? { code: found[2], symbology: found[1] } : { code: text };
}

class Keys {
  #held = "";
  #startedAt = 0;
  #silentEndAt = -Infinity;
  #lastAt = -Infinity;
  #scanEndedAt = -Infinity;
  #altDigits = "";
  #swallowed = new Set();
  #timer = 0;

  /** @param {Listeners} listeners */
  constructor({ onScan, onPieces, onTyped }) {
    this.onScan = onScan;
    this.onPieces = onPieces;
    this.onTyped = onTyped;
  }

  /** @param {KeyboardEvent} event */
  down(event) {
    if (event.isComposing) return;
    if (event.repeat) {
      if (this.#swallowed.has(event.code)) swallow(event); // a key held down is a person, and counts once
      return;
    }
    if (this.#held && event.timeStamp - this.#lastAt > SILENCE_MS) this.#settleSilently();
    if (MODIFIERS.has(event.key)) {
      if (this.#held) this.#lastAt = event.timeStamp;
      return;
    }
    const taken = isEnd(event) ? this.#end(event) : this.#take(event);
    if (!taken) return;
    swallow(event);
    this.#swallowed.add(event.code);
  }

  /** @param {KeyboardEvent} event */
  up(event) {
    if (event.key === "Alt" && this.#altDigits) {
      this.#hold(String.fromCharCode(Number(this.#altDigits)), event.timeStamp);
      this.#altDigits = "";
    }
    if (this.#swallowed.delete(event.code)) swallow(event);
  }

  /**
   * Enter or Tab: the end of a scan, the line feed after one, or a person's key.
   * @param {KeyboardEvent} event
   */
  #end(event) {
    if (this.#isBurst()) {
      this.#settle();
      this.#scanEndedAt = event.timeStamp;
      return true;
    }
    if (event.timeStamp - this.#scanEndedAt <= BETWEEN_KEYS_MS) return true;
    this.#settle();
    return this.onTyped(event.key);
  }

  /**
   * Any other key: held back when it is a character, or part of a burst.
   * @param {KeyboardEvent} event
   */
  #take(event) {
    const graph = event.getModifierState("AltGraph");
    const plain = graph || !(event.ctrlKey || event.altKey || event.metaKey);
    if (event.key.length === 1 && plain) {
      if (event.key === " " && !this.#held) return this.onTyped(event.key); // a space alone presses a button
      this.#hold(event.key, event.timeStamp);
      return true;
    }
    if (!this.#held) return this.onTyped(event.key);
    if (event.altKey && /^\d$/.test(event.key)) this.#altDigits += event.key;
    else if (event.key === "F8" || (event.ctrlKey && event.code === "BracketRight")) this.#hold(GROUP_SEPARATOR, event.timeStamp);
    else if (event.key === "Backspace" || event.key === "Escape") return this.#afterTyping(event);
    this.#lastAt = event.timeStamp;
    return true; // a burst must not reach the browser's own shortcuts
  }

  /** @param {KeyboardEvent} event */
  #afterTyping(event) {
    this.#settle();
    return this.onTyped(event.key);
  }

  /**
   * @param {string} character
   * @param {number} at
   */
  #hold(character, at) {
    if (!this.#held) this.#startedAt = at;
    if (this.#held.length < LONGEST) this.#held += character;
    this.#lastAt = at;
    this.#settleAfter(this.#isBurst() ? BURST_SETTLE_MS : SETTLE_MS);
  }

  /** @param {number} waitMs */
  #settleAfter(waitMs) {
    clearTimeout(this.#timer);
    const due = performance.now() + waitMs;
    this.#timer = setTimeout(() => {
      if (performance.now() - due > LATE_MS) this.#settleAfter(waitMs);
      else this.#settleSilently();
    }, waitMs);
  }

  #isBurst() {
    return this.#held.length >= SHORTEST && this.#lastAt - this.#startedAt <= BETWEEN_KEYS_MS * (this.#held.length - 1);
  }

  #settleSilently() {
    const endedAt = this.#lastAt;
    this.#settle();
    this.#silentEndAt = endedAt;
  }

  /** What is held is complete: a scan, or what a person typed. */
  #settle() {
    clearTimeout(this.#timer);
    const text = this.#held;
    const burst = this.#isBurst();
    const inPieces = this.#startedAt - this.#silentEndAt <= PIECES_MS;
    this.#held = "";
    this.#altDigits = "";
    this.#silentEndAt = -Infinity;
    if (burst && inPieces) this.onPieces();
    else if (burst) this.onScan(splitSymbology(text), this.#lastAt);
    else for (const key of text) if (!this.onTyped(key)) typeInto(document.activeElement, key);
  }
}

/** @param {KeyboardEvent} event */
function isEnd(event) {
  return (event.key === "Enter" || event.key === "Tab") && !(event.ctrlKey || event.altKey || event.metaKey);
}

/** @param {KeyboardEvent} event */
function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/**
 * @param {Element|null} field
 * @param {string} text
 */
function typeInto(field, text) {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || field.readOnly) return;
  if (field.selectionStart === null || field.selectionEnd === null) return; // a field that is no text
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, data: text, inputType: "insertText" }));
}
