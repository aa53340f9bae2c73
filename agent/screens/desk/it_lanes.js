/** Problems, the ways to HQ, and the store: what IT looks at first. */
import { Panel, h, sentence } from "../dom.js";
import { shape } from "../shapes.js";
import { say } from "../words.js";
import { ago, fact, gigabytes, momentAgo, stateMark, worded } from "./it_parts.js";

class ItProblems extends Panel {
  /** @param {{problems: import("./it_parts.js").ItProblem[], minute: number}} data */
  draw({ problems }) {
    if (problems.length === 0) {
      return [h("h2", {}, say("it_problems")), h("p", { class: "all-well" }, shape("done"), say("it_no_problems"))];
    }
    const rows = problems.map((each) =>
      h(
        "li",
        {},
        shape("ask"),
        h(
          "div",
          {},
          h("p", { class: "what", dir: "auto" }, ...sentence(each.sentence)),
          h("p", { class: "step", dir: "auto" }, ...sentence(each.next_step)),
          h("p", { class: "quiet" }, h("code", {}, each.problem_id), " · ", say("it_since", { moment: momentAgo(each.since, "") })),
        ),
      ),
    );
    return [h("h2", {}, say("it_so_many_problems", { n: problems.length })), h("ul", {}, ...rows)];
  }
}
customElements.define("it-problems", ItProblems);

class ItLanes extends Panel {
  /** @param {{lanes: import("./it_parts.js").ItLane[], minute: number}} data */
  draw({ lanes }) {
    const none = h("p", { class: "quiet" }, say("it_no_lanes"));
    return [h("h2", {}, say("it_lanes")), ...(lanes.length ? lanes.map(laneCard) : [none])];
  }
}
customElements.define("it-lanes", ItLanes);

/** @param {import("./it_parts.js").ItLane} lane */
function laneCard(lane) {
  const backlog = lane.unsent ? say("facts_unsent", { n: lane.unsent }) : say("it_all_sent");
  const parked = lane.parked ? say("facts_parked", { n: lane.parked }) : "";
  return h(
    "section",
    { class: "card", "data-lane": lane.lane },
    h("h3", {}, h("bdi", {}, lane.lane), stateMark(lane.state, worded("it_lane", lane.state))),
    h("p", { class: "quiet" }, `${lane.dialect} · `, h("code", {}, lane.url)),
    lane.reason ? h("p", { class: "what", dir: "auto" }, ...sentence(lane.reason)) : null,
    h(
      "dl",
      {},
      fact(say("it_backlog"), h("b", {}, backlog)),
      lane.unsent ? fact(say("it_oldest"), momentAgo(lane.oldest_unsent_at, "")) : null,
      parked ? fact(say("it_parked"), h("b", {}, parked), " ", say("it_parked_step")) : null,
      lane.not_deliverable ? fact(say("it_not_deliverable"), String(lane.not_deliverable)) : null,
      fact(say("it_answered"), momentAgo(lane.answered_at, say("it_never_answered"))),
      lane.next_try_at ? fact(say("it_next_try"), nextTry(lane.next_try_at)) : null,
      fact(say("it_requests"), requests(lane.requests)),
    ),
  );
}

/** @param {string} at */
function nextTry(at) {
  const seconds = Math.ceil((Date.parse(at) - Date.now()) / 1000);
  return seconds > 0 ? say("it_in_seconds", { n: seconds }) : say("it_now");
}

/** @param {Record<string, number>} many */
function requests(many) {
  const told = Object.entries(many).filter(([, count]) => count > 0);
  return told.length ? told.map(([outcome, count]) => `${count} ${worded("it_outcome", outcome)}`).join(" · ") : say("it_no_requests");
}

class ItStore extends Panel {
  /** @param {Pick<import("./it_parts.js").ItView, "facts"|"disk"|"store"|"identity"|"epoch"> & {minute: number}} data */
  draw({ facts, disk, store, identity, epoch }) {
    const { last_backup: backup, last_look: look } = store;
    const days = disk.days_left === null ? say("it_days_unknown") : say("days", { n: disk.days_left });
    return [
      h("h2", {}, say("it_store")),
      h(
        "dl",
        { class: "card" },
        fact(say("it_facts"), h("b", {}, String(facts)), ` · ${say("it_run", { n: epoch })}`),
        fact(say("it_disk"), stateMark(disk.room === "ok" ? "ready" : "paused", worded("it_room", disk.room))),
        fact(say("it_disk_left"), h("b", {}, days), ` · ${say("it_free_of", { free: gigabytes(disk.free_bytes), size: gigabytes(disk.size_bytes) })}`),
        fact(
          say("it_backup"),
          backup ? h("b", {}, ago(backup.at, "")) : h("b", {}, say("it_no_backup")),
          backup ? ` · ${say("it_backup_facts", { n: backup.facts })}` : ` ${say("it_backup_step")}`,
          backup ? h("code", { class: "block quiet" }, backup.file) : null,
        ),
        fact(say("it_looked"), look ? `${ago(look.at, "")} · ${say("it_damaged", { n: look.damaged_rows })}` : say("it_not_looked")),
        ...Object.entries(identity.numbers).map(([kind, left]) =>
          fact(say("it_numbers", { kind: kind.toUpperCase() }), say("it_numbers_left", { n: left.left, days: say("days", { n: left.days_left }) })),
        ),
        identity.fenced ? fact(say("it_fence"), h("span", { dir: "auto" }, identity.fenced)) : null,
      ),
    ];
  }
}
customElements.define("it-store", ItStore);
