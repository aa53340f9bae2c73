/** Swaps the one-time code behind the # for the key of this device, which the browser keeps as a cookie. */
import { part } from "./dom.js";
import { preferred, say, speak } from "./words.js";

/** @param {string} code */
async function enrol(code) {
  const answer = await fetch("/v1/station/enrol", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code }),
  });
  const told = await answer.json();
  return answer.ok ? { done: true, text: say("enrol_done", { device: told.device_id }) } : { done: false, text: told.error.message };
}

/** The page in the language of this device: who works with it is not known yet. */
async function speakHere() {
  await speak(preferred());
  document.title = say("enrol_title");
  part("h1").textContent = say("enrol_title");
  part("#said").textContent = say("enrol_scan");
  part("#on").textContent = say("enrol_begin");
}

async function start() {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code) history.replaceState(null, "", location.pathname); // the code is nobody's to see any more
  try {
    await speakHere();
    if (!code) return;
    const { done, text } = await enrol(code);
    part("#said").textContent = text;
    if (done) {
      part("#on").setAttribute("href", "/start");
      part("#on").hidden = false;
    }
  } catch {
    part("#said").textContent = say("enrol_no_answer");
  }
}

void start();
