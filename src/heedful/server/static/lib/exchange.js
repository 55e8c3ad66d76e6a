// One exchange of a conversation: what the person said, how it sounded, the reply, and what they think of it.

import { ask } from "./api.js";
import { around, care } from "./care.js";
import { announce, h } from "./dom.js";
import { bars, marks } from "./marks.js";
import { FELT, color, plain } from "./words.js";

const DANGER = ["high", "imminent"];
const UNSAID = "I have no reply to this that I would stand by.";
const STRATEGIES = {
  disclose: "say that it is software", refer: "name people who can help", validate: "say that the feeling makes sense",
  reflect: "give back what was told", console: "offer comfort", celebrate: "share the good news",
  encourage: "strengthen", inform: "give information", suggest: "suggest a step", explore: "invite to say more",
};
const ACTIONS = {
  allow: "allowed as written", amend: "a part was taken out", replace: "replaced by a safe reply", stop: "not said",
};

export class Exchange {
  constructor(text, source = "text") {
    this.said = h("p.said", {}, text || "(spoken)");
    this.heard = h("div", {}, h("p.marks.waiting", {}, "Reading …"));
    this.help = h("div");
    this.reply = h("div.reply");
    this.foot = h("div.foot");
    this.written = "";
    this.element = h("article.exchange", { "aria-label": "Message and reply" },
      h("div.mine", {}, h("span.unseen", {}, source === "speech" ? "You said: " : "You wrote: "), this.said, this.heard),
      h("div.theirs", {}, h("span.unseen", {}, "Heedful: "), this.reply, this.help, this.foot));
  }

  perceived(percept) {
    this.percept = percept;
    this.heard.replaceChildren(marks(percept));
  }

  understood(understanding) {
    // Whoever is in danger is not told how their words sounded.
    const danger = DANGER.includes(understanding.risk.level) && !understanding.risk.carried;
    this.heard.replaceChildren(danger ? h("p.marks", {}, "Taken seriously, before anything else.") : marks(this.percept, understanding.strength));
  }

  add(delta) {
    this.written = delta.afresh ? delta.text : this.written + delta.text;
    this.reply.replaceChildren(...paragraphs(this.written), h("span.caret", { "aria-hidden": "true" }));
  }

  /** The turn is whole: draw it as it stays. */
  finish(turn, app) {
    this.turn = turn;
    const { resources } = turn.plan;
    const [before, after] = around(turn.reply.text || UNSAID, resources);
    this.perceived(turn.percept);
    this.understood(turn.understanding);
    this.reply.replaceChildren(...paragraphs(before));
    this.help.replaceChildren(...(resources.length ? [care(resources, turn.understanding.risk.level)] : []), ...paragraphs(after));
    this.foot.replaceChildren(this.actions(app));
  }

  failed(detail) {
    this.heard.replaceChildren();
    this.reply.replaceChildren(h("p.wrong", { role: "alert" }, detail));
  }

  actions() {
    const place = h("div.more");
    const open = (name, make) => (event) => {
      const shown = place.dataset.open === name;
      for (const button of event.currentTarget.parentElement.querySelectorAll("[aria-expanded]")) button.setAttribute("aria-expanded", "false");
      place.dataset.open = shown ? "" : name;
      place.replaceChildren(...(shown ? [] : [make()]));
      if (!shown) {
        event.currentTarget.setAttribute("aria-expanded", "true");
        place.scrollIntoView({ block: "nearest" });
      }
    };
    const button = (name, text, make) =>
      h("button.quiet.small", { type: "button", "aria-expanded": "false", onclick: open(name, make) }, text);
    // Nobody in danger is asked for a mark.
    const danger = DANGER.includes(this.turn.understanding.risk.level);
    return h("div", {},
      h("div.row.actions", {},
        button("why", "Why this reply", () => why(this.turn)),
        button("felt", "Not what I felt", () => this.correction(place)),
        danger ? null : button("better", "Better words", () => this.wording(place)),
        danger ? null : this.rating()),
      place);
  }

  rating() {
    const name = `rating-${this.turn.id}`;
    return h("fieldset.rating", {}, h("legend.unseen", {}, "How good was this reply? 1 is worst, 5 is best."), h("span.rate", { "aria-hidden": "true" }, "Rate"),
      ...[1, 2, 3, 4, 5].map((each) => {
        const input = h("input", { type: "radio", name, value: each, "aria-label": `${each} of 5` });
        input.addEventListener("change", () => this.keep({ rating: each }, `Kept: ${each} of 5.`));
        return h("label", { title: `${each} of 5` }, input, h("span", { "aria-hidden": "true" }, `${each}`));
      }));
  }

  correction(place) {
    const chosen = (label, word) => async () => {
      await this.keep({ feeling: label }, `Kept: you were ${word}. Thank you for putting it right.`);
      this.heard.append(h("p.marks.corrected", {}, h("span.dot", { style: { "--tone": color(label) } }), `You say: ${word}`));
      this.fold(place);
    };
    return h("div.panel", {}, h("p", {}, "What were you, in truth?"),
      h("div.row", {}, ...Object.entries(FELT).map(([label, word]) =>
        h("button.chip", { type: "button", onclick: chosen(label, word) }, h("span.dot", { style: { "--tone": color(label) } }), word))));
  }

  wording(place) {
    const id = `better-${this.turn.id}`;
    const text = h("textarea", { id, rows: 4 });
    text.value = this.turn.reply.text;
    const form = h("form.panel", {}, h("label", { for: id }, "What would you rather have heard?"), text,
      h("button.main", {}, "Keep"));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!text.value.trim()) return;
      await this.keep({ edit: text.value.trim() }, "Kept. Thank you.");
      this.fold(place);
    });
    return form;
  }

  /** Close what is open under the reply. */
  fold(place) {
    place.replaceChildren();
    place.dataset.open = "";
    for (const button of this.foot.querySelectorAll("[aria-expanded]")) button.setAttribute("aria-expanded", "false");
  }

  async keep(what, thanks) {
    let told = thanks;
    try {
      await ask("/v1/feedback", { turn: this.turn.id, ...what });
    } catch (error) {
      told = error.message;
    }
    this.note?.remove();
    this.note = h("p.note.small", {}, told);
    this.foot.append(this.note);
    announce(told);
  }
}

function paragraphs(text) {
  return text.split("\n").filter((line) => line.trim()).map((line) => h("p", {}, line.trim()));
}

function why(turn) {
  const { percept, understanding, plan, reply, verdict } = turn;
  const event = understanding.event;
  const rows = [
    ["Heard", h("div", {}, bars(Object.keys(percept.fine).length ? percept.fine : percept.basic))],
    ["Happened", event.kind === "none" ? "nothing in particular was told" : `${plain(event.kind)}${event.span ? `: “${event.span.text}”` : ""}`],
    ["Needed", understanding.need],
    ["Planned", plan.strategies.map((each) => STRATEGIES[each] || each).join(", then ")],
    ["Tone", plan.tone],
    ["Because", plan.why],
    ["Written", [reply.writer, ...reply.why].join(" · ")],
    ["Guarded", [ACTIONS[verdict.action], ...verdict.findings.map((each) => each.why)].join(". ")],
    ...(reply.degraded ? [["Less than it could be", reply.degraded]] : []),
    ["Took", `${Math.round(turn.timings.total || 0)} ms`],
  ];
  return h("dl.panel.why", {}, ...rows.filter(([, told]) => told).flatMap(([name, told]) => [h("dt", {}, name), h("dd", {}, told)]));
}
