/** Where to go on this station: its workplaces, each a way to its screen. */
import { h, part } from "./dom.js";
import { backoffMs, call } from "./station.js";
import { say, speak } from "./words.js";

/** Desks that every station has. */
const DESKS = ["supervise", "report"];

/**
 * Address of the screen of a kind of work.
 * @param {string} work
 */
function pageOf(work) {
  return `/${work.replace("_", "-")}`;
}

async function start() {
  for (let tries = 0; ; tries += 1) {
    const reply = await call("/v1/station/workplaces");
    if (reply?.body.workplaces) {
      await show(reply.body);
      return;
    }
    part("#said").textContent = reply?.body.error?.message ?? say("not_connected");
    await new Promise((wake) => setTimeout(wake, backoffMs(tries, Math.random())));
  }
}

/** @param {{station: string, language: string, workplaces: {workplace: string, work: string}[]}} told */
async function show({ station, language, workplaces }) {
  await speak(language);
  document.title = station;
  part("#station").textContent = station;
  part("#said").textContent = "";
  part("#places").replaceChildren(
    ...workplaces.map(({ workplace, work }) =>
      h(
        "li",
        {},
        h("a", { href: `${pageOf(work)}?workplace=${encodeURIComponent(workplace)}` }, say(`title_${work}`), h("small", { class: "quiet" }, workplace)),
      ),
    ),
    ...DESKS.map((desk) => h("li", {}, h("a", { href: `/${desk}` }, say(`title_${desk}`)))),
  );
}

void start();
