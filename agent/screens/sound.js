/** What a worker hears and feels. Synthesised, loud in 1-3 kHz, told apart without looking. */

/**
 * One signal: notes as [start ms, length ms, Hz], the wave, and the vibration pattern in ms.
 * @type {Record<string, {notes: number[][], wave: OscillatorType, vibration: number[]}>}
 */
const SIGNALS = {
  counted: { notes: [[0, 60, 2000]], wave: "sine", vibration: [30] },
  line_done: { notes: [[0, 90, 1500], [110, 130, 2250]], wave: "sine", vibration: [30, 60, 30] },
  list_done: { notes: [[0, 90, 1300], [110, 90, 1950], [220, 200, 2600]], wave: "sine", vibration: [60, 60, 60, 60, 120] },
  refused: { notes: [[0, 180, 400], [260, 180, 400]], wave: "square", vibration: [200, 100, 200] },
  ask: { notes: [[0, 110, 2200], [130, 110, 1300], [260, 110, 2200]], wave: "sine", vibration: [100, 50, 100, 50, 100] },
  lost: { notes: [[0, 140, 2000], [160, 220, 1100]], wave: "triangle", vibration: [400] },
  back: { notes: [[0, 140, 1100], [160, 220, 2000]], wave: "triangle", vibration: [60] },
};
const LOUD = 0.9;
const RAMP_S = 0.004; // a hard edge clicks in cheap speakers

/** The page's voice. A browser keeps it locked until the first touch or key; `onChange(locked)` says so. */
export class Voice {
  #audio = new AudioContext();
  #onChange;

  /** @param {(locked: boolean) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#audio.addEventListener("statechange", () => onChange(this.locked));
    // Not on the press itself: the strip then loses a line, and the button moves away under the finger.
    for (const gesture of ["click", "keydown"]) {
      document.addEventListener(gesture, () => this.#unlock(), { capture: true, passive: true });
    }
    onChange(this.locked);
  }

  get locked() {
    return this.#audio.state !== "running";
  }

  /**
   * Sound and vibrate for a tone of an answer, or for "lost" and "back". A note is read, not heard.
   * @param {string} tone
   */
  give(tone) {
    const signal = SIGNALS[tone];
    if (!signal) return;
    if (!this.locked) for (const note of signal.notes) this.#play(note, signal.wave);
    if (navigator.vibrate && navigator.userActivation?.hasBeenActive) navigator.vibrate(signal.vibration);
  }

  async #unlock() {
    if (!this.locked) return;
    await this.#audio.resume();
    this.#onChange(this.locked);
  }

  /**
   * @param {number[]} note
   * @param {OscillatorType} wave
   */
  #play([startMs, lengthMs, hertz], wave) {
    const start = this.#audio.currentTime + startMs / 1000;
    const end = start + lengthMs / 1000;
    const source = new OscillatorNode(this.#audio, { type: wave, frequency: hertz });
    const gain = new GainNode(this.#audio, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(LOUD, start + RAMP_S);
    gain.gain.setValueAtTime(LOUD, end - RAMP_S);
    gain.gain.linearRampToValueAtTime(0, end);
    source.connect(gain).connect(this.#audio.destination);
    source.start(start);
    source.stop(end);
  }
}
