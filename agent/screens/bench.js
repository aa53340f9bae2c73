/** The bench: the far end of every device by hand. Scan something, put weight on, pull a plug, see what came out. */
import { Panel, h, part, tell } from "./dom.js";
import { drawBarcode, drawLabel } from "./label_drawing.js";
import { shape } from "./shapes.js";
import { call } from "./station.js";
import { moment } from "./words.js";

/**
 * @typedef {{name: string, kind: string, plugged: boolean, link: string, faults: string[], fault: string|null, load_g: number|null}} Simulated
 * @typedef {{number: number, zpl: string, at: string}} Printed
 */

const POLL_MS = 1000;
const FULL_LOAD_G = 30_000;
const PRESETS_G = [0, 500, 1000, 5000, 10_000];

class BenchScan extends Panel {
  #chosen = "";

  /** @param {{scanners: {name: string, plugged: boolean}[], suggestions: {code: string, label: string}[]}} data */
  draw({ scanners, suggestions }) {
    if (scanners.length === 0) return [h("p", { class: "quiet" }, "This station has no simulated scanner.")];
    const names = scanners.map((each) => each.name);
    if (!names.includes(this.#chosen)) this.#chosen = names[0];
    return [
      scanners.length > 1 ? this.#choose(scanners) : null,
      h("div", { class: "codes" }, ...suggestions.map(({ code, label }) => this.#tile(code, label))),
      this.#typed(),
    ];
  }

  /** @param {string} code */
  #scan(code) {
    tell(this, "act", { name: this.#chosen, act: "scan", body: { code } });
  }

  /** @param {{name: string}[]} scanners */
  #choose(scanners) {
    const options = scanners.map(({ name }) => {
      const radio = h("input", { type: "radio", name: "scanner", value: name, checked: name === this.#chosen });
      radio.addEventListener("change", () => (this.#chosen = name));
      return h("label", { class: "pick-one" }, radio, name);
    });
    return h("fieldset", {}, h("legend", {}, "Scan with"), ...options);
  }

  /**
   * @param {string} code
   * @param {string} label
   */
  #tile(code, label) {
    return h(
      "button",
      { type: "button", class: "code-tile", "data-key": code, on: { click: () => this.#scan(code) } },
      h("span", { class: "code-label", dir: "auto" }, label),
      drawBarcode(code),
      h("code", { class: "quiet" }, code),
    );
  }

  #typed() {
    const field = h("input", { type: "text", id: "other-code", "data-key": "other-code", autocomplete: "off", maxlength: 500, spellcheck: "false" });
    /** @param {SubmitEvent} event */
    const submit = (event) => {
      event.preventDefault();
      if (field.value) this.#scan(field.value);
      field.select();
    };
    return h(
      "form",
      { class: "other", on: { submit } },
      h("label", { for: "other-code" }, "Any other code"),
      field,
      h("button", { type: "submit" }, shape("scan_item"), "Scan it"),
    );
  }
}
customElements.define("bench-scan", BenchScan);

class BenchDevice extends Panel {
  /** @param {Omit<Simulated, "load_g">} device */
  draw({ name, kind, plugged, link, faults, fault }) {
    /** @param {string} what */
    const act = (what, body = {}) => () => tell(this, "act", { name, act: what, body });
    const choices = [{ value: null, label: "no fault" }, ...faults.map((each) => ({ value: each, label: each }))];
    return [
      h(
        "p",
        { class: `device-name ${plugged ? "good" : "gone"}` },
        shape(plugged ? "good" : "unplugged"),
        h("b", {}, name),
        h("span", { class: "quiet" }, [name === kind ? "" : kind, plugged ? "plugged in" : "unplugged"].filter(Boolean).join(" · ")),
        h("code", { class: "quiet link" }, link),
      ),
      h(
        "div",
        { class: "device-acts" },
        plugged
          ? h("button", { type: "button", "data-key": "plug", on: { click: act("unplug") } }, shape("unplugged"), "Pull the plug")
          : h("button", { type: "button", class: "primary", "data-key": "plug", on: { click: act("replug") } }, "Plug it in"),
        ...(faults.length === 0 ? [] : choices).map(({ value, label }) =>
          h(
            "button",
            {
              type: "button",
              class: "fault",
              "data-key": `fault ${label}`,
              "aria-pressed": String(value === fault),
              on: { click: act("fault", { fault: value }) },
            },
            label.replaceAll("_", " "),
          ),
        ),
      ),
    ];
  }
}
customElements.define("bench-device", BenchDevice);

/** The slider is built once: a hand that drags it must keep it while the figures around it change. */
class BenchLoad extends HTMLElement {
  #slider = h("input", { type: "range", min: 0, max: FULL_LOAD_G, step: 10, "aria-label": "Weight on the scale in grams" });
  #shown = h("output", { class: "load" });
  #held = false;
  #name = "";

  connectedCallback() {
    this.#slider.addEventListener("input", () => this.#showLoad(Number(this.#slider.value)));
    this.#slider.addEventListener("pointerdown", () => (this.#held = true));
    this.#slider.addEventListener("change", () => {
      this.#held = false;
      this.#put(Number(this.#slider.value));
    });
    const presets = PRESETS_G.map((grams) =>
      h("button", { type: "button", on: { click: () => this.#put(grams) } }, grams === 0 ? "empty" : kilograms(grams)),
    );
    this.replaceChildren(this.#shown, this.#slider, h("div", { class: "device-acts" }, ...presets));
  }

  /** @param {Simulated} scale */
  show({ name, load_g }) {
    this.#name = name;
    if (!this.#held) this.#showLoad(load_g ?? 0);
  }

  /** @param {number} weight_g */
  #put(weight_g) {
    this.#showLoad(weight_g);
    tell(this, "act", { name: this.#name, act: "load", body: { weight_g } });
  }

  /** @param {number} grams */
  #showLoad(grams) {
    this.#slider.value = String(grams);
    this.#shown.value = kilograms(grams);
  }
}
customElements.define("bench-load", BenchLoad);

class BenchLabels extends Panel {
  /** @param {Printed[]} labels */
  draw(labels) {
    if (labels.length === 0) return [h("p", { class: "quiet" }, "No label came out yet. Seal a parcel, and it appears here.")];
    return [...labels].sort((one, other) => other.number - one.number).map(labelCard);
  }
}
customElements.define("bench-labels", BenchLabels);

/** @param {Printed} label */
function labelCard({ number, zpl, at }) {
  const { picture, notDrawn } = drawLabel(zpl);
  return h(
    "figure",
    {},
    h("figcaption", {}, h("b", {}, `Label ${number}`), h("span", { class: "quiet" }, moment(at, Date.now()))),
    picture,
    ...notDrawn.map((sentence) => h("p", { class: "not-drawn" }, shape("ask"), sentence)),
  );
}

/** @param {number} grams */
function kilograms(grams) {
  return `${(grams / 1000).toFixed(3)} kg`;
}

/** @param {{devices: Simulated[], suggestions: {code: string, label: string}[], labels: Printed[]}} bench */
function show({ devices, suggestions, labels }) {
  const scanners = devices.filter((each) => each.kind === "scanner").map(({ name, plugged }) => ({ name, plugged }));
  part("bench-scan").show({ scanners, suggestions });
  part("bench-labels").show(labels);
  const scale = devices.find((each) => each.kind === "scale");
  part("#scale").hidden = !scale;
  if (scale) part("bench-load").show(scale);
  const list = part("#devices");
  devices.forEach(({ load_g: _, ...device }, index) => {
    const panel = list.children[index] ?? list.appendChild(new BenchDevice());
    if (panel instanceof BenchDevice) panel.show(device);
  });
  while (list.children.length > devices.length) list.children[devices.length].remove();
}

/**
 * Say what went wrong; an empty text takes it away.
 * @param {string} text
 */
function say(text) {
  const band = part("#said");
  band.hidden = !text;
  band.replaceChildren(...(text ? [shape("refused"), text] : []));
}

const NO_ANSWER = "The station does not answer. What you see here may be old; it is asked again every second.";
let refused = ""; // what the last act was refused for stays until the next act
/** @param {import("./station.js").Reply|null} reply */
const faultOf = (reply) => (reply === null ? NO_ANSWER : (reply.body.error?.message ?? ""));

async function refresh() {
  const reply = await call("/v1/bench/devices");
  document.body.dataset.connected = String(reply !== null && reply.status === 200);
  say(faultOf(reply) || refused);
  if (reply?.status === 200) show(reply.body);
}

document.addEventListener("act", async (/** @type {any} */ { detail: { name, act, body } }) => {
  refused = faultOf(await call(`/v1/bench/devices/${encodeURIComponent(name)}/${act}`, body));
  await refresh();
});

for (;;) {
  await refresh();
  await new Promise((wake) => setTimeout(wake, POLL_MS));
}
