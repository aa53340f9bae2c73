/**
 * Tells a scanner that types from a person who types, for the whole page, whatever has the focus.
 *
 * Every character is held back until it is known whose it is. A burst (at most 35 ms between keys, 4 characters or more,
 * ended by Enter, Tab or 60 ms of silence) is a scan and reaches no field; anything else is handed on as typed.
 */

const BETWEEN_KEYS_MS = 35;
const SILENCE_MS = 60;
const LATE_MS = 20; // a timer this late means the page was busy: keys may still be on their way
const SHORTEST = 4;
const LONGEST = 4096;
const GROUP_SEPARATOR = "\x1d";
const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock"]);

/**
 * @param {Object} listeners
 * @param {(scan: {code: string, symbology?: string}) => void} listeners.onScan
 * @param {(key: string) => boolean} listeners.onTyped a person's key; true when it was used and must do nothing else
 */
export function watchKeys({ onScan, onTyped }) {
  const keys = new Keys(onScan, onTyped);
  window.addEventListener("keydown", (event) => keys.down(event), { capture: true });
  window.addEventListener("keyup", (event) => keys.up(event), { capture: true });
}

/** A scan's text as {code, symbology}: a leading AIM identifier such as `]C1` is set apart. */
export function splitSymbology(text) {
  const found = /^(\][A-Za-z][0-9A-Za-z])(.+)$/s.exec(text);
  return found ? { code: found[2], symbology: found[1] } : { code: text };
}

class Keys {
  #held = "";
  #lastAt = -Infinity;
  #scanEndedAt = -Infinity;
  #altDigits = "";
  #swallowed = new Set();
  #timer = 0;

  constructor(onScan, onTyped) {
    this.onScan = onScan;
    this.onTyped = onTyped;
  }

  down(event) {
    if (event.isComposing) return;
    if (event.repeat) {
      if (this.#swallowed.has(event.code)) swallow(event); // a key held down is a person, and counts once
      return;
    }
    const gap = event.timeStamp - this.#lastAt;
    const ends = isEnd(event);
    if (this.#held && gap > (ends ? SILENCE_MS : BETWEEN_KEYS_MS)) this.#settle();
    if (MODIFIERS.has(event.key)) {
      if (this.#held) this.#lastAt = event.timeStamp;
      return;
    }
    const taken = ends ? this.#end(event) : this.#take(event);
    if (!taken) return;
    swallow(event);
    this.#swallowed.add(event.code);
  }

  up(event) {
    if (event.key === "Alt" && this.#altDigits) {
      this.#hold(String.fromCharCode(Number(this.#altDigits)), event.timeStamp);
      this.#altDigits = "";
    }
    if (this.#swallowed.delete(event.code)) swallow(event);
  }

  /** Enter or Tab: the end of a scan, the line feed after one, or a person's key. */
  #end(event) {
    if (this.#held.length >= SHORTEST) {
      this.#settle();
      this.#scanEndedAt = event.timeStamp;
      return true;
    }
    if (event.timeStamp - this.#scanEndedAt <= BETWEEN_KEYS_MS) return true;
    this.#settle();
    return this.onTyped(event.key);
  }

  /** Any other key: held back when it is a character, or part of a burst. */
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

  #afterTyping(event) {
    this.#settle();
    return this.onTyped(event.key);
  }

  #hold(character, at) {
    if (this.#held.length < LONGEST) this.#held += character;
    this.#lastAt = at;
    this.#settleAfter(SILENCE_MS);
  }

  #settleAfter(waitMs) {
    clearTimeout(this.#timer);
    const due = performance.now() + waitMs;
    this.#timer = setTimeout(() => {
      if (performance.now() - due > LATE_MS) this.#settleAfter(waitMs);
      else this.#settle();
    }, waitMs);
  }

  /** What is held is complete: a scan, or what a person typed. */
  #settle() {
    clearTimeout(this.#timer);
    const text = this.#held;
    this.#held = "";
    this.#altDigits = "";
    if (text.length >= SHORTEST) this.onScan(splitSymbology(text));
    else for (const key of text) if (!this.onTyped(key)) typeInto(document.activeElement, key);
  }
}

function isEnd(event) {
  return (event.key === "Enter" || event.key === "Tab") && !(event.ctrlKey || event.altKey || event.metaKey);
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function typeInto(field, text) {
  if (!field || field.readOnly || typeof field.selectionStart !== "number") return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, data: text, inputType: "insertText" }));
}
