// What grows: skills over time, past conversations, a self-report if one likes, and how to take or delete all of it.

import { announce, h, s } from "./dom.js";
import { forgetKey, mine } from "./mine.js";

const SKILLS = { noticing: "noticing feelings", reflecting: "reflecting", exploring: "exploring", "holding back": "holding back advice", repairing: "repairing" };

export async function progress(place, offer, again, open) {
  const [told, past] = await Promise.all([mine("/progress"), mine("/sessions")]);
  const rows = Object.entries(SKILLS).map(([skill, title]) => {
    const values = told.points.map((each) => each.skills[skill]);
    const latest = values.filter((each) => each !== null).at(-1);
    return h("div.skill", {}, h("span", {}, title), line(values), h("i", {}, latest === undefined ? "–" : `${Math.round(latest * 100)} %`));
  });
  place.replaceChildren(
    h("section.card", { "aria-label": "Your skills" }, h("h2", {}, "Your skills"),
      told.points.length ? h("p.hint", {}, `${told.points.length === 1 ? "1 conversation" : `${told.points.length} conversations`}; the share of your replies that showed it, the latest on the right and in figures.`) : null,
      told.points.length ? h("div", {}, ...rows) : null, h(told.points.length ? "p.unseen" : "p", {}, told.words)),
    conversations(past, offer, again, open), about(offer.questionnaire, told.reports, again), kept(again));
}

const ENDED = { well: "ended well", left: "they went away", stopped: "stopped" };

function conversations(past, offer, again, open) {
  if (!past.length) return "";
  const who = Object.fromEntries(offer.scenarios.map((each) => [each.name, each.person.name]));
  return h("section.card", { "aria-label": "Your conversations" }, h("h2", {}, "Your conversations"), h("ul.past", {}, ...past.map((each) => {
    const name = who[each.scenario] || each.scenario;
    const gone = h("button.quiet", { type: "button", "aria-label": `Delete the conversation with ${name}`, onclick: async () => { await mine(`/sessions/${each.id}`, undefined, { method: "DELETE" }); announce("Deleted"); again(); } }, "Delete");
    return h("li", {}, h("span", {}, h("strong", {}, name), ` ${each.level}, ${new Date(each.at).toLocaleDateString()}, ${each.replies} ${each.replies === 1 ? "reply" : "replies"}, ${ENDED[each.ending] || "not ended"}`),
      h("span.row", {}, each.ending ? null : h("button", { type: "button", onclick: () => open.resume(each.id) }, "Go on"),
        each.replies ? h("button", { type: "button", onclick: () => open.look(each.id) }, "Their side") : null, gone));
  })));
}

function line(values) {
  const places = values.map((value, index) => [values.length > 1 ? 4 + (index * 292) / (values.length - 1) : 150, value]).filter(([, value]) => value !== null);
  const points = places.map(([x, value]) => `${x.toFixed(1)},${(42 - value * 36).toFixed(1)}`);
  return s("svg", { viewBox: "0 0 300 48", preserveAspectRatio: "none", "aria-hidden": "true" }, s("line", { class: "base", x1: 0, x2: 300, y1: 42, y2: 42 }),
    s("polyline", { class: "path", points: points.join(" ") }), ...places.map(([x, value]) => s("path", { class: "dot", d: `M${x.toFixed(1)} ${(42 - value * 36).toFixed(1)}h0` })));
}

function about(given, reports, again) {
  const form = h("form", {}, h("p.hint", {}, given.instruction), ...given.items.map((item, index) => h("fieldset.statement", {}, h("legend", {}, item),
    h("div.row", {}, ...[1, 2, 3, 4, 5].map((value) => h("label", {}, h("input", { type: "radio", name: `item${index}`, value, required: true }), `${value}`))))), h("button", {}, "Keep my answers"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answers = given.items.map((_, index) => Number(new FormData(form).get(`item${index}`)));
    const told = await mine("/reports", { answers });
    announce(`Kept: ${told.score.toFixed(1)} of 5`);
    again();
  });
  const before = reports.map((each) => h("li", {}, `${each.score.toFixed(1)} of 5, ${new Date(each.at).toLocaleDateString()}`));
  return h("details.card", {}, h("summary", {}, "Ten statements about yourself, if you like"), before.length ? h("ul", {}, ...before) : null, form, h("p.hint.small", {}, given.limits), h("p.hint.small", {}, given.source));
}

function kept(again) {
  const told = h("p.hint.small", { role: "status" });
  const save = async () => {
    const file = URL.createObjectURL(new Blob([JSON.stringify(await mine("/export"), null, 2)], { type: "application/json" }));
    h("a", { href: file, download: "practice.json" }).click();
    setTimeout(() => URL.revokeObjectURL(file), 10000);
    told.textContent = "Saved as practice.json.";
  };
  const gone = h("button.danger", { type: "button", onclick: () => gone.replaceWith(h("span.row", {}, "For good?",
    h("button.danger", { type: "button", onclick: async () => { await mine("", undefined, { method: "DELETE" }); forgetKey(); announce("Deleted"); again(); } }, "Yes, delete it"),
    h("button", { type: "button", onclick: again }, "Keep it"))) }, "Delete all of my practice");
  return h("section.card", { "aria-label": "What is kept" }, h("h2", {}, "Yours alone"),
    h("p.hint", {}, "Nobody else can see this: not a colleague, not a teacher, not whoever runs this server through these pages. It is found only with the key in this browser."),
    h("div.row", {}, h("button", { type: "button", onclick: save }, "Save everything as a file"), gone), told);
}
