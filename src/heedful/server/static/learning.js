// Learning: what feedback has taught, how that is going, and what is in use.

import { h, s } from "./lib/dom.js";
import { ask } from "./lib/api.js";

const HOLDS = { preference: "what people prefer", watched: "what was watched", calibration: "how feelings are misread" };
const WIDTH = 640, HEIGHT = 240, LEFT = 44, BOTTOM = 28, TOP = 12;

export async function show(room) {
  const [status, curve, reading] = await Promise.all(
    ["/v1/learning", "/v1/learning/curve", "/v1/learning/curve?kind=calibration"].map((path) => ask(path)));
  room.append(
    h("h1", {}, "Learning"),
    h("p.hint", {}, "Every rating, correction and better wording teaches something: at once for the person who gave it, " +
      "and for everybody only after it has measured better and harmed nobody."),
    numbers(status),
    h("h2", {}, "How it is going"),
    curve.points.length > 1 ? drawn(curve, chosen) : h("p.hint", {}, "There is too little feedback to draw yet."),
    ...(reading.points.length > 1 ? [h("h2", {}, "Feelings that were corrected"), drawn(reading, felt)] : []),
    ...preferences(status),
    ...alarms(status),
    h("h2", {}, "Versions"),
    versions(status),
  );
}

function numbers(status) {
  const used = [status.live, status.calibration].filter(Boolean);
  const live = used.length ? `Version ${used.join(" and ")} in use` : "Nothing that is shared is in use yet";
  const watched = status.conversations ? ` ${status.conversations} conversations of listeners were watched.` : "";
  return h("p", {}, `${status.feedback} pieces of feedback by ${status.people} people. ${live}; ` +
    `${status.since} pieces came since.${watched}`);
}

function preferences(status) {
  if (!status.prefers.length) return [];
  return [h("h2", {}, "What people prefer here"), h("ul", {}, status.prefers.map((line) => h("li", {}, line)))];
}

function alarms(status) {
  if (!status.alarms.length) return [];
  return [h("h2", {}, "Worth a look"), h("ul", {}, status.alarms.map((line) => h("li", {}, line)))];
}

function versions(status) {
  if (!status.versions.length) return h("p.hint", {}, "None yet. ", h("code", {}, "heedful learn promote"), " makes one.");
  const told = h("p", { "aria-live": "polite" });
  const look = async (number) => {
    const version = await ask(`/v1/learning/versions/${number}`);
    const checks = version.checks.map((check) => `${check.passed ? "Passed" : "Failed"}: ${check.name}. ${check.told}`);
    told.replaceChildren(h("strong", {}, `Version ${number}`),
      h("ul", {}, [...checks, ...version.changes].map((line) => h("li", {}, line))));
  };
  const rows = status.versions.map(([number, kind, state, day]) => h("tr", {},
    h("td", {}, h("button.quiet", { type: "button", onclick: () => look(number) }, `Version ${number}`)),
    h("td", {}, HOLDS[kind] || kind), h("td", {}, state), h("td", {}, day)));
  return h("div", {}, h("table", {}, h("thead", {}, h("tr", {},
    ["", "holds", "state", "made"].map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, rows)), told);
}

const percent = (share) => `${Math.round(share * 100)} %`;
const chosen = (count, learned, frozen) => `Of the latest ${count} choices that people made, ` +
  `${percent(learned)} were foreseen, and ${percent(frozen)} with nothing learned.`;
const felt = (count, learned, frozen) => `Of the latest ${count} feelings that people corrected, ${percent(learned)} ` +
  `of what was read would have gone to what they felt, and ${percent(frozen)} with nothing learned. What was read well, ` +
  "nobody corrects.";

/** Return the curve as a picture with a text that says the same. */
function drawn(curve, words) {
  const points = curve.points;
  const last = points[points.length - 1];
  const low = Math.min(...points.map((p) => Math.min(p.low, p.frozen)), 0.4);
  const high = Math.max(...points.map((p) => p.high), 0.6);
  const x = (n) => LEFT + (n - points[0].feedback) / (last.feedback - points[0].feedback || 1) * (WIDTH - LEFT - 90);
  const y = (value) => TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM);
  const path = (name) => points.map((p, i) => `${i ? "L" : "M"}${x(p.feedback)},${y(p[name])}`).join("");
  const band = points.map((p, i) => `${i ? "L" : "M"}${x(p.feedback)},${y(p.high)}`).join("") +
    [...points].reverse().map((p) => `L${x(p.feedback)},${y(p.low)}`).join("") + "Z";
  const label = (text, at, color) => {
    const node = s("text", { x: x(last.feedback) + 6, y: y(at) + 4, fill: color, "font-size": 12 });
    node.textContent = text;
    return node;
  };
  const scale = [0.25, 0.5, 0.75, 1].filter((value) => value >= low && value <= high).flatMap((value) => {
    const mark = s("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end", fill: "var(--soft)", "font-size": 12 });
    mark.textContent = `${Math.round(value * 100)} %`;
    return [s("line", { x1: LEFT, x2: WIDTH - 90, y1: y(value), y2: y(value), stroke: "var(--line)" }), mark];
  });
  const foot = s("text", { x: LEFT, y: HEIGHT - 6, fill: "var(--soft)", "font-size": 12 });
  foot.textContent = `${points[0].feedback} to ${last.feedback} pieces of feedback`;
  const told = words(last.feedback - points[points.length - 2].feedback, last.learned, last.frozen);
  return h("figure", { style: { margin: 0 } },
    s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": told, width: "100%" }, ...scale,
      s("path", { d: band, fill: "var(--accent-soft)" }),
      s("path", { d: path("frozen"), fill: "none", stroke: "var(--soft)", "stroke-width": 1.5, "stroke-dasharray": "4 4" }),
      s("path", { d: path("learned"), fill: "none", stroke: "var(--accent)", "stroke-width": 2.5 }),
      label("learned", last.learned, "var(--accent)"),
      label("nothing learned", Math.abs(last.frozen - last.learned) < 0.06 ? last.frozen - 0.06 : last.frozen, "var(--soft)"),
      foot),
    h("figcaption.hint", {}, told));
}
