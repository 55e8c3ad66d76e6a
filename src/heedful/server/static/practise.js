// Practise: talk with somebody who is made up, see in private what your words did, look from their side, drill, grow.

import { ask } from "./lib/api.js";
import { announce, h } from "./lib/dom.js";
import { drill } from "./lib/drill.js";
import { mine } from "./lib/mine.js";
import { progress } from "./lib/progress.js";

const ENDINGS = { well: (name) => `${name} could say what there was to say.`, left: (name) => `${name} has gone. That happens to everyone; the other side shows where it turned.`, stopped: () => "You stopped here." };

export async function show(room) {
  if (!document.getElementById("practise-style")) {
    document.head.append(h("link", { id: "practise-style", rel: "stylesheet", href: "style/practise.css" }));
  }
  const offer = await ask("/v1/practise");
  const place = h("div");
  const tabs = { talk: ["Talk with somebody", choose], drill: ["Recognize feelings", drill], progress: ["Your progress", progress] };
  const buttons = Object.entries(tabs).map(([name, [title]]) => h("button", { type: "button", data: { tab: name }, onclick: () => open(name) }, title));
  async function open(name) {
    for (const each of buttons) each.setAttribute("aria-pressed", each.dataset.tab === name);
    place.replaceChildren();
    try {
      await tabs[name][1](place, offer, () => open(name), { resume, look });
    } catch (error) {
      place.replaceChildren(h("p.wrong", { role: "alert" }, error.message));
    }
  }
  const choosing = () => open("talk");
  const mark = () => { for (const each of buttons) each.setAttribute("aria-pressed", each.dataset.tab === "talk"); };
  const resume = async (id) => { const told = await mine(`/sessions/${id}`); mark(); converse(place, offer, told, choosing); };
  const look = async (id) => { const told = await mine(`/sessions/${id}`); mark(); await side(place, offer, told, choosing); };
  room.append(h("h1", {}, "Practise"),
    h("p.hint", {}, "Rehearse listening with people who are made up. What you say here stays on the machine that runs this, and only this browser can show it."),
    h("ul.tabs", {}, ...buttons.map((each) => h("li", {}, each))), place);
  await open("talk");
}

// ------------------------------------------------------------------------------------------------------- conversation

async function choose(place, offer, again) {
  const level = h("select", { id: "level" }, ...Object.entries(offer.levels).map(([name, told]) => h("option", { value: name }, `${name}: ${told}`)));
  const begin = (name) => async () => {
    try {
      converse(place, offer, await mine("/sessions", { scenario: name, level: level.value }), again);
    } catch (error) {
      place.append(h("p.wrong", { role: "alert" }, error.message));
    }
  };
  const areas = [...new Set(offer.scenarios.map((each) => each.area))];
  place.append(h("label", { for: "level" }, "How should they meet you?"), level,
    h("p.ask", {}, "Whom would you like to talk to?"),
    ...areas.flatMap((area) => [h("h2", {}, area[0].toUpperCase() + area.slice(1)),
      h("ul.people", {}, ...offer.scenarios.filter((each) => each.area === area).map((each) =>
        h("li", {}, h("button", { type: "button", onclick: begin(each.name) }, h("strong", {}, `${each.person.name}, ${each.person.age}`),
          h("span", {}, each.title), each.warning ? h("span.soft", {}, each.warning) : null))))]));
}

function converse(place, offer, session, again) {
  const { scenario } = session;
  const name = scenario.person.name;
  const log = h("div.scene", { role: "log", "aria-live": "polite", "aria-label": `Conversation with ${name}` }, h("p.them", {}, session.opening),
    ...session.exchanges.flatMap((each) => [mySaying(each.said), h("p.them", {}, each.answer)]));
  const text = h("textarea", { id: "words", rows: 2, maxlength: 2000 });
  const coach = h("input", { id: "coach", type: "checkbox", checked: true });
  const after = h("div", { "aria-live": "polite" });
  const send = h("button.main", {}, "Say it");
  const silent = h("button", { type: "button", onclick: () => say("") }, "Say nothing");
  const help = h("button.quiet", { type: "button", onclick: hint }, "A hint");
  const leave = h("button.quiet", { type: "button", onclick: stop }, "Stop here");
  const form = h("form.speak", {}, h("label", { for: "words" }, `What do you say to ${name}?`), text,
    h("div.row", {}, send, silent, help, leave), h("p.tick", {}, coach, h("label", { for: "coach" }, "Tell me after each reply what it did")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (text.value.trim()) say(text.value.trim());
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) form.requestSubmit(event.preventDefault());
  });
  const busy = (on) => { for (const each of [send, silent, help, leave]) each.disabled = on; };

  async function say(words) {
    busy(true);
    after.replaceChildren();
    try {
      const told = await mine(`/sessions/${session.id}/say`, { text: words, coach: coach.checked });
      const me = mySaying(words);
      log.append(me, ...(told.care.length ? [care(told.care)] : []),
        h("p.them", {}, told.exchanges.at(-1).answer), ...(told.coaching ? [coached(words, told.coaching)] : []));
      text.value = "";
      if (told.ending) end(told);
      else text.focus({ preventScroll: true });
      // Where all of it does not fit, their answer goes before what the coach says of it.
      if (after.parentNode.getBoundingClientRect().bottom - me.getBoundingClientRect().top > innerHeight * 0.8) me.scrollIntoView({ block: "start" });
      else form.scrollIntoView({ block: "nearest" });
    } catch (error) {
      after.replaceChildren(h("p.wrong", { role: "alert" }, error.message));
    }
    busy(false);
  }

  async function hint() {
    let told;
    try {
      told = await mine(`/sessions/${session.id}/hint`, {});
    } catch (error) {
      return void after.replaceChildren(h("p.wrong", { role: "alert" }, error.message));
    }
    after.replaceChildren(h("section.card", { "aria-label": "A hint" }, h("p", {}, told.notice), h("p", {}, `You might ask: “${told.ask}”`), h("p.hint", {}, told.mind)));
    text.focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
  }

  async function stop() {
    const told = await mine(`/sessions/${session.id}/stop`, {});
    if (told.exchanges.length) end(told);
    else again();
  }

  function end(told) {
    form.replaceWith(h("div", {}, h("p", {}, h("strong", {}, ENDINGS[told.ending](name)), ` ${told.told} of ${told.tellable} things were told.`),
      h("div.row", {}, h("button.main", { type: "button", onclick: () => side(place, offer, session, again) }, `How ${name} lived it`),
        h("button", { type: "button", onclick: again }, "Somebody else"))));
    announce(ENDINGS[told.ending](name));
  }

  place.replaceChildren(h("section.card", { "aria-label": "The situation" }, h("h2", {}, scenario.title), h("p", {}, scenario.brief),
    h("p.hint", {}, `${/\bYou are\b/.test(scenario.brief) ? "" : `You are ${scenario.you}. `}${name} is made up, and plays a part. Answer as you would; nobody grades it.`)), log, after, form);
  if (matchMedia("(hover: hover)").matches) text.focus({ preventScroll: true });
}

function mySaying(words) {
  return h(words ? "p.me" : "p.me.nothing", {}, words || "(you say nothing)");
}

function care(resources) {
  return h("section.card", { role: "alert" }, h("p", {}, "Out of the part for a moment: if that is about you, you needn't be alone with it. You can reach:"),
    h("ul", {}, ...resources.map((each) => h("li", {}, h("strong", {}, each.name), ` ${each.contact} (${each.hours})`))));
}

function coached(words, told) {
  const parts = [];
  for (const each of told.landed) parts.push(h("p", {}, h("strong", {}, "Landed: "), `${each.what}.`, ...each.words.flatMap((span) => [" ", h("mark", {}, span.text)])));
  if (told.fault) parts.push(h("p.way", {}, h("strong", {}, `${told.fault.says}. `), told.fault.why));
  for (const each of told.missed) parts.push(h("p", {}, h("strong", {}, "Missed: "), `${each}.`));
  if (told.better) {
    parts.push(h("details", { open: Boolean(told.fault) }, h("summary", {}, "In better words"), h("p", {}, told.better),
      h("p.small", {}, ...told.edits.flatMap((edit) => [edit.before ? h("del", {}, edit.before) : null, " ", edit.after ? h("ins", {}, edit.after) : null, " "]))));
  }
  parts.push(h("p", {}, h("strong", {}, "Try next: "), told.next));
  return h("aside.coach", { "aria-label": "The coach, for you alone" }, ...parts);
}

// ------------------------------------------------------------------------------------------------------- the other side

async function side(place, offer, session, again) {
  const { replay, question, lives, actions } = await mine(`/sessions/${session.id}/side`);
  const deeds = (kind) => h("ul", {}, ...actions.filter((each) => each.kind === kind).map((each) => h("li", {}, each.what, " ", h("span.hint.small", {}, each.why))));
  const theirs = h("p", { "aria-live": "polite" });
  place.replaceChildren(
    h("section.card", { "aria-label": "The other side" }, h("h2", {}, `How ${replay.name} lived it`), h("p.felt", {}, replay.before),
      ...replay.moments.map((each) => h("div.lived", {}, h("p.hint", {}, `You: ${each.said || "(silence)"}`), h("p.felt", {}, each.felt), h("p.small.hint", {}, each.why), each.kept ? h("p.small", {}, each.kept) : null)),
      h("p", {}, h("strong", {}, "Needed: "), replay.needed),
      ...replay.untold.map((each) => h("p", {}, h("strong", {}, "Untold: "), each)), ...replay.lessons.map((each) => h("p", {}, h("strong", {}, "To learn: "), each))),
    h("section.card", { "aria-label": "What would you need?" }, h("h2", {}, "What would you need?"), h("p", {}, question.text),
      h("div.choices", {}, ...question.choices.map((each) => h("button", { type: "button", onclick: () => { theirs.textContent = `You: ${each}. ${replay.name}: “${question.theirs}”`; } }, each))), theirs),
    h("section.card", { "aria-label": "The same, lived by others" }, h("h2", {}, "The same, lived by others"),
      ...lives.map((each) => h("div.lived", {}, h("p", {}, h("strong", {}, each.who)), h("p.felt", {}, `“${each.says}”`), h("p.hint", {}, each.needs)))),
    h("section.card", { "aria-label": "What to do" }, h("h2", {}, "What would help"), deeds("do"), h("h2", {}, "What would not"), deeds("leave")),
    swap(offer, replay.name), h("div.row", {}, h("button.main", { type: "button", onclick: again }, "Somebody else")));
  scrollTo(0, 0);
  announce(`How ${replay.name} lived it`);
}

function swap(offer, name) {
  const listener = h("select", { id: "listener" }, ...offer.listeners.map((each) => h("option", { value: each }, each)));
  const words = h("textarea", { id: "theirs", rows: 2, maxlength: 2000 });
  const log = h("div.scene", { role: "log", "aria-live": "polite" });
  const said = [];
  listener.addEventListener("change", () => { said.length = 0; log.replaceChildren(); });
  const form = h("form.speak", {}, h("label", { for: "listener" }, "Who listens?"), listener, h("label", { for: "theirs" }, `Say it as ${name} would`), words, h("div.row", {}, h("button", {}, "Say it")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!words.value.trim()) return;
    said.push(words.value.trim());
    const told = await mine("/swap", { listener: listener.value, said });
    log.append(h("p.me", {}, words.value.trim()), h("p.them", {}, told.text));
    if (said.length === 3) log.append(h("p.hint", {}, "What did that do to you? What would you have needed instead?"));
    words.value = "";
  });
  return h("section.card", { "aria-label": "Swap roles" }, h("h2", {}, "Swap roles"), h("p.hint", {}, `You are ${name} now; a listener answers, well or clumsily. Nothing of it is kept.`), log, form);
}
