/** The sentences the pages say by themselves. Everything about the work comes from the station, in the worker's language. */

export const NOT_CONNECTED =
  "Not connected to the station. Nothing is lost; your last scan is not yet counted.";
export const NOTHING_YET = "Nothing scanned yet.";
export const IN_PIECES = "The scanner's keys came in pieces, so this scan was not taken. Scan it again.";
export const TOO_MANY_UNSENT =
  "200 scans are waiting for the station, so this one was not taken. Wait until they are sent, then scan it again.";

const MINUTE_MS = 60_000;

/** How long ago `at` was, in the largest whole unit: "under 1 min", "3 min", "2 h", "4 days". */
export function age(at, now) {
  const minutes = Math.max(0, Math.floor((now - Date.parse(at)) / MINUTE_MS));
  if (minutes < 1) return "under 1 min";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / (24 * 60))} days`;
}

/** A moment as the floor says it: the time alone for today, else day and time. */
export function moment(at, now) {
  const date = new Date(at);
  const time = { hour: "2-digit", minute: "2-digit" };
  const today = date.toDateString() === new Date(now).toDateString();
  return date.toLocaleString(undefined, today ? time : { weekday: "short", day: "numeric", month: "short", ...time });
}

/** A fact whose words stay on one line. */
export function whole(fact) {
  return fact.replaceAll(" ", "\u00a0");
}

/** "1 line", "4 lines". */
export function counted(number, one) {
  return `${number} ${one}${Number(number) === 1 ? "" : "s"}`;
}

/** What a command is, for the person who waits for its answer. */
export function command(name, body) {
  const said = {
    scan: `scan ${body.code}`,
    quantity: `quantity ${body.quantity}`,
    open: `open ${body.id}`,
    "sign-out": "sign out",
    "label-decision": "the answer about the label",
    "label-reprint": "print the label again",
    "label-void": "void the label",
  };
  return said[name] ?? name;
}
