// Judge: how empathic is a reply, by whomever? Mechanisms with the words that show them, what is wrong, better words.

import { ask } from "./lib/api.js";
import { announce, h } from "./lib/dom.js";

const MECHANISMS = {
  reaction: ["Emotional reaction", "warmth, compassion, concern put into words", "--sadness"],
  interpretation: ["Interpretation", "showing that the feeling is understood", "--fear"],
  exploration: ["Exploration", "asking gently about what was not said", "--surprise"],
};
const LEVELS = ["not at all", "weakly", "strongly"];

export async function show(room) {
  const message = h("textarea", { id: "message", rows: 3 });
  const reply = h("textarea", { id: "reply", rows: 3, required: true });
  const software = h("input", { id: "software", type: "checkbox" });
  const out = h("div", { "aria-live": "polite" });
  const form = h("form", {},
    h("label", { for: "message" }, "What was said ", h("span.hint", {}, "(may be left empty)")), message,
    h("label", { for: "reply" }, "The reply"), reply,
    h("p.check", {}, software, h("label", { for: "software" }, "A program replies: it may not claim to feel or to have lived something")),
    h("div.row", {}, h("button.main", {}, "Judge"),
      h("button.quiet", { type: "button", onclick: () => { message.value = "I failed my exam."; reply.value = "At least you tried. Just work harder next time."; } }, "An example")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    out.replaceChildren(h("p.hint", {}, "Reading …"));
    try {
      const judged = await ask("/v1/judge", { message: message.value.trim() || null, reply: reply.value, software: software.checked, rewrite: true });
      out.replaceChildren(...drawn(judged, reply.value));
      announce(judged.empathetic ? "The reply is empathetic." : "The reply is not empathetic.");
    } catch (error) {
      out.replaceChildren(h("p.wrong", { role: "alert" }, error.message));
    }
  });
  room.append(h("h1", {}, "Judge"), h("p.hint", {}, "How empathic is a reply, by a person or a program? Nothing of this is kept."), form, out);
}

function drawn(judged, reply) {
  const parts = [
    h("section.card.verdict", { "aria-label": "In short" },
      h("h2", {}, judged.empathetic ? "This reads as empathetic" : "This does not read as empathetic"),
      h("p.hint", {}, `The chance that people would call it empathetic: ${Math.round(judged.probability * 100)} %. `, judged.degraded ? `${judged.degraded}.` : ""),
      h("p.quoted", {}, ...highlighted(reply, judged))),
    h("section.card", { "aria-label": "How it shows empathy" }, h("h2", {}, "How it shows empathy"),
      ...Object.entries(MECHANISMS).map(([name, [title, what, tone]]) => mechanism(judged[name], title, what, tone))),
  ];
  if (judged.flags.length) {
    parts.push(h("section.card", { "aria-label": "What is wrong with it" }, h("h2", {}, "What is wrong with it"),
      h("ul.flags", {}, ...judged.flags.map((flag) => h("li", {}, h("mark.flag", {}, flag.text), h("span", {}, ` ${flag.why}`))))));
  }
  if (judged.better.length) {
    parts.push(h("section.card", { "aria-label": "What would make it better" }, h("h2", {}, "What would make it better"),
      h("ul", {}, ...judged.better.map((each) => h("li", {}, each)))));
  }
  if (judged.rewrite) {
    parts.push(h("section.card.rewrite", { "aria-label": "In better words" }, h("h2", {}, "In better words"), h("p", {}, judged.rewrite),
      h("button", { type: "button", onclick: () => copy(judged.rewrite) }, "Copy")));
  }
  return parts;
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  announce("Copied");
}

function mechanism(found, title, what, tone) {
  return h("div.mechanism", { style: { "--tone": `var(${tone})` } },
    h("div", {}, h("strong", {}, title), h("span.hint.small", {}, ` ${what}`)),
    h("div.row", {}, h("span.levels", { role: "img", "aria-label": `level ${found.level} of 2` }, ...[1, 2].map((each) => h(each <= found.level ? "i.on" : "i"))),
      h("span", {}, LEVELS[found.level]), h("span.hint.small", {}, `${Math.round(found.probabilities[found.level] * 100)} % sure`)));
}

/** The reply with the words that show a mechanism, or that are wrong, marked. Spans count characters, not code units. */
function highlighted(reply, judged) {
  const letters = Array.from(reply);
  const marks = letters.map(() => "");
  for (const name of Object.keys(MECHANISMS)) {
    for (const span of judged[name].rationale) marks.fill(name, span.start, span.end);
  }
  for (const flag of judged.flags) {
    const words = Array.from(flag.text);
    const at = letters.findIndex((_, start) => words.every((letter, place) => letters[start + place] === letter));
    if (words.length && at >= 0) marks.fill("flag", at, at + words.length);
  }
  const parts = [];
  for (let at = 0; at < letters.length;) {
    let end = at;
    while (end < letters.length && marks[end] === marks[at]) end += 1;
    const text = letters.slice(at, end).join("");
    const [title, , tone] = marks[at] === "flag" ? ["What is wrong with it", "", "--anger"] : MECHANISMS[marks[at]] || [];
    parts.push(title ? h("mark", { title, style: { "--tone": `var(${tone})` } }, text) : text);
    at = end;
  }
  return parts;
}
