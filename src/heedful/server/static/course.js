// Course: how the feeling moves through a conversation, with what happened and where it turned.

import { ask } from "./lib/api.js";
import { course, plane } from "./lib/chart.js";
import { h } from "./lib/dom.js";
import { list } from "./lib/marks.js";
import { headline, plain, titled } from "./lib/words.js";

const LATEST = "heedful.conversation";
const DIRECTIONS = { steady: "steady", lifting: "lifting", sinking: "sinking" };

export async function show(room, app) {
  const found = await ask("/v1/conversations");
  room.append(h("h1", {}, "Course"));
  if (!found.length) {
    room.append(h("p", {}, "Here the feeling of a conversation is drawn over time. There is no conversation yet. ",
      h("a", { href: "#/talk" }, "Begin one"), "."));
    return;
  }
  const latest = localStorage.getItem(LATEST);
  const begun = found.some((each) => each.name === latest) ? latest : found[0].name;
  const drawn = h("div");
  const picker = h("select", { id: "which" },
    ...found.map((each) => h("option", { value: each.name, selected: each.name === begun }, titled(each))));
  picker.addEventListener("change", () => draw(drawn, picker.value));
  room.append(h("label", { for: "which" }, "Conversation"), picker, drawn);
  await draw(drawn, begun);
}

async function draw(place, name) {
  const turns = await ask(`/v1/conversations/${encodeURIComponent(name)}?limit=200`);
  const { valence, arousal, turning_points: turning, direction } = smooth(turns);
  const rows = turns.map((turn, index) => row(turn, index, turning));
  const chosen = (index) => {
    for (const each of rows) each.classList.remove("chosen");
    rows[index].classList.add("chosen");
    rows[index].scrollIntoView({ block: "center" });
  };
  const events = [...new Set(turns.map((turn) => turn.understanding.event.kind).filter((kind) => kind !== "none"))];
  place.replaceChildren(
    h("p.summary", {}, `${turns.length} ${turns.length === 1 ? "message" : "messages"}; over the latest of them the feeling is `,
      h("strong", {}, DIRECTIONS[direction]), ".", events.length ? ` Told of: ${list(events.map(plain))}.` : ""),
    h("section.card", { "aria-label": "Over the messages" },
      h("div.row.between", {}, h("h2", {}, "Over the messages"),
        h("p.legend.small", {}, h("i.key.valence"), "pleasant or not ", h("i.key.arousal"), "stirred or calm ", turning.length ? h("i.key.turning") : "", turning.length ? "turned" : "")),
      course(valence, arousal, turning, chosen)),
    h("section.card", { "aria-label": "What was told" }, h("h2", {}, "What was told"),
      h("div.wide", { tabindex: "0", role: "region", "aria-label": "Messages, in a table" },
        h("table", {}, h("thead", {}, h("tr", {}, ...["", "Message", "Sounded", "Pleasant", "Stirred"].map((each) => h("th", { scope: "col" }, each)))),
          h("tbody", {}, ...rows)))),
    h("section.card.beside", { "aria-label": "The path" }, plane(valence, arousal),
      h("div", {}, h("h2", {}, "The path"),
        h("p", {}, "From the first message to the latest, which is the large mark."),
        h("p.hint", {}, "To the right it feels more pleasant, upwards more stirred: anger and fear lie at the top left, sadness at the bottom left, joy at the top right, ease at the bottom right. It is read from what was said, and can be wrong."))));
}

function row(turn, index, turning) {
  const event = turn.understanding.event.kind;
  const words = turn.message.text || "(spoken)";
  const notes = [turning.includes(index) ? "here it turned" : "", event !== "none" && turn.understanding.event.message === index ? plain(event) : "",
    turn.understanding.risk.level !== "none" && !turn.understanding.risk.carried ? "danger was noticed" : ""].filter(Boolean);
  return h("tr", {}, h("th", { scope: "row" }, `${index + 1}`),
    h("td", {}, words.length > 90 ? `${words.slice(0, 90)}…` : words, notes.length ? h("span.tag", {}, notes.join(", ")) : null),
    h("td", {}, headline(turn.percept)), h("td.number", {}, signed(turn.percept.valence)), h("td.number", {}, signed(turn.percept.arousal)));
}

/** The course as it was understood at the latest message; where messages are missing from it, as each was read. */
function smooth(turns) {
  const told = turns.at(-1).understanding.course;
  if (told.valence.length === turns.length) return told;
  return { ...told, valence: turns.map((turn) => turn.percept.valence), arousal: turns.map((turn) => turn.percept.arousal), turning_points: [] };
}

const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
