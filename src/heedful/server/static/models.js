// Models & measures: what reads and answers here, what it was made from, and how well it does beside people.

import { ask } from "./lib/api.js";
import { h } from "./lib/dom.js";
import { plain } from "./lib/words.js";

const CLASSES = {
  open: "trained on openly licensed data only",
  research: "trained on research data too: not for commercial use",
};

export async function show(room) {
  const [models, measures] = await Promise.all([ask("/v1/models"), ask("/v1/measures")]);
  const cards = models.data.filter((each) => each.card).map((each) => card(each.card, each.id));
  room.append(h("h1", {}, "Models & measures"),
    h("p.hint", {}, "The networks at work here, and every figure that was measured on them as they are shipped."),
    h("h2", {}, "Networks"), ...cards,
    h("h2", {}, "Measured"),
    ...(measures.length ? [h("p.hint", {}, "Beside people and simple baselines, on the same items. In brackets the 95 % interval."), ...measures.map(measure)]
      : [h("p", {}, "No results came with this installation. ", h("code", {}, "heedful measure"), " makes them.")]));
}

function card(found, id) {
  const scores = Object.entries(found.scores);
  return h("article.card", {},
    h("div.row.between", {}, h("h3", {}, found.name), h("span.tag", {}, found.data_class)),
    h("p", {}, found.description),
    h("p.hint.small", {}, `Version ${found.version}, ${size(found.bytes)}, ${CLASSES[found.data_class]}.`),
    h("details", {}, h("summary", {}, "The whole card"),
      h("h4", {}, "What it cannot do"), h("ul", {}, ...found.limits.map((each) => h("li", {}, each))),
      h("h4", {}, "What it was trained on"), h("p.small", {}, found.base), h("ul.small", {}, ...found.data.map((each) => h("li", {}, each))),
      scores.length ? h("h4", {}, "What it scores") : null,
      scores.length ? table(["figure", "value", "95 % interval", "n", "protocol"],
        scores.map(([name, score]) => [plain(name), score.value.toFixed(3), `${score.low.toFixed(3)} to ${score.high.toFixed(3)}`, score.n.toLocaleString(), score.protocol]), `Scores of ${found.name}`) : null,
      h("p.small.hint", {}, h("code", {}, id), " · sha256 ", h("code", {}, found.sha256.slice(0, 16)), "…")));
}

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(0)} MB`);

function measure(found) {
  return h("article.card", {},
    h("h3", {}, found.title),
    h("p.hint.small", {}, `Protocol ${found.protocol}, ${found.dataset}, n = ${found.n.toLocaleString()}, ${found.at}.`),
    table(found.header, found.rows, found.title));
}

function table(header, rows, title) {
  return h("div.wide", { tabindex: "0", role: "region", "aria-label": title },
    h("table", {}, h("thead", {}, h("tr", {}, ...header.map((each) => h("th", { scope: "col" }, each)))),
      h("tbody", {}, ...rows.map(([name, ...cells]) => h("tr", {}, h("th", { scope: "row" }, name.trim()), ...cells.map((cell) => h("td.number", {}, cell)))))));
}
