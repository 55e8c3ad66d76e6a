// Practise: talk with somebody who is made up, see in private what your words did, look from their side, drill, grow.
// Whose practice it is, only this browser knows: a key made by chance, which no page and no route ever lists.

import { ask } from "./lib/api.js";
import { announce, h, s } from "./lib/dom.js";

const KEY = "heedful.practice";
const SKILLS = { noticing: "noticing feelings", reflecting: "reflecting", exploring: "exploring", "holding back": "holding back advice", repairing: "repairing" };
const ENDINGS = { well: (name) => `${name} could say what there was to say.`, left: (name) => `${name} has gone. That happens to everyone; the other side shows where it turned.`, stopped: () => "You stopped here." };

const mine = (path, body, options = {}) => {
  const headers = { "x-practise-key": practiceKey() };
  if (body !== undefined) headers["content-type"] = "application/json";
  const key = sessionStorage.getItem("heedful.key");
  if (key) headers.authorization = `Bearer ${key}`;
  return ask(`/v1/practise${path}`, body, { ...options, headers });
};

function practiceKey() {
  let key = localStorage.getItem(KEY);
  if (!key) {
    key = Array.from(crypto.getRandomValues(new Uint8Array(24)), (each) => each.toString(16).padStart(2, "0")).join("");
    localStorage.setItem(KEY, key);
  }
  return key;
}

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
      await tabs[name][1](place, offer, () => open(name));
    } catch (error) {
      place.replaceChildren(h("p.wrong", { role: "alert" }, error.message));
    }
  }
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
  const log = h("div.scene", { role: "log", "aria-live": "polite", "aria-label": `Conversation with ${name}` }, h("p.them", {}, session.opening));
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
      log.append(h(words ? "p.me" : "p.me.nothing", {}, words || "(you say nothing)"), ...(told.care.length ? [care(told.care)] : []),
        h("p.them", {}, told.exchanges.at(-1).answer), ...(told.coaching ? [coached(words, told.coaching)] : []));
      text.value = "";
      if (told.ending) end(told);
      else text.focus({ preventScroll: true });
      form.scrollIntoView({ block: "nearest" });
    } catch (error) {
      after.replaceChildren(h("p.wrong", { role: "alert" }, error.message));
    }
    busy(false);
  }

  async function hint() {
    const told = await mine(`/sessions/${session.id}/hint`, {});
    after.replaceChildren(h("section.card", { "aria-label": "A hint" }, h("p", {}, told.notice), h("p", {}, `You might ask: “${told.ask}”`), h("p.hint", {}, told.mind)));
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
    h("p.hint", {}, `You are ${scenario.you}. ${name} is made up, and plays a part.`)), log, form, after);
  if (matchMedia("(hover: hover)").matches) text.focus({ preventScroll: true });
}

function care(resources) {
  return h("section.card", { role: "alert" }, h("p", {}, "Out of the part for a moment: if that is about you, you needn't be alone with it. You can reach:"),
    h("ul", {}, ...resources.map((each) => h("li", {}, h("strong", {}, each.name), ` ${each.contact} (${each.hours})`))));
}

function coached(words, told) {
  const parts = [];
  for (const each of told.landed) parts.push(h("p", {}, "Landed: ", `${each.what}.`, ...each.words.flatMap((span) => [" ", h("mark", {}, span.text)])));
  if (told.fault) parts.push(h("p.way", {}, h("strong", {}, `${told.fault.says}. `), told.fault.why));
  for (const each of told.missed) parts.push(h("p", {}, `Missed: ${each}.`));
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

// ---------------------------------------------------------------------------------------------------------------- drills

async function drill(place, offer, again) {
  const due = await mine("/drills");
  let at = 0;
  let right = 0;
  const next = () => {
    if (at >= due.length) {
      place.replaceChildren(h("section.card", {}, h("p", {}, due.length ? `${right} of ${due.length}. What you missed comes back soon, what you knew later.` : "Nothing is due. What you know needs no repeating."),
        due.length ? h("button", { type: "button", onclick: again }, "More") : null), own());
      return;
    }
    const each = due[at];
    const out = h("div", { "aria-live": "polite" });
    const buttons = each.choices.map((choice) => h("button", { type: "button", onclick: () => pick(choice) }, choice));
    const pick = async (choice) => {
      for (const button of buttons) button.disabled = true;
      const told = await mine(`/drills/${each.id}`, { answer: choice });
      at += 1;
      right += told.right;
      const go = h("button.main", { type: "button", onclick: next }, at < due.length ? "Next" : "Finish");
      out.replaceChildren(h("p", {}, h("strong", {}, told.right ? "Yes." : `It was ${told.feeling}.`), ` ${told.why}`), go);
      go.focus();
    };
    place.replaceChildren(h("section.card", { "aria-label": "What is felt here?" }, h("p.hint.small", {}, `${at + 1} of ${due.length}`), h("h2", {}, `“${each.shown}”`),
      h("p.hint", {}, "What is felt here?"), h("div.choices", {}, ...buttons), out), own());
  };
  next();
}

/** Voices and faces: the person's own files, chosen here and played here. They never leave the browser. */
function own() {
  const place = h("div");
  const files = h("input", { type: "file", id: "own", multiple: true, webkitdirectory: true, accept: "audio/*,image/*" });
  const labels = ["anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral"];
  files.addEventListener("change", () => {
    const found = [...files.files].map((file) => ({ file, label: labels.find((each) => `/${file.webkitRelativePath || file.name}`.toLowerCase().match(`/${each}[/_.-]`)) }))
      .filter((each) => each.label && /^(audio|image)\//.test(each.file.type)).sort(() => Math.random() - 0.5);
    const turn = (number) => {
      const each = found[number];
      if (!each) return place.replaceChildren(h("p", {}, found.length ? "That was all of them." : "No file in that folder is named for its feeling: anger/monday.wav, or anger_monday.wav."));
      const url = URL.createObjectURL(each.file);
      const shown = each.file.type.startsWith("audio/") ? h("audio", { controls: true, src: url }) : h("img", { src: url, alt: "A face of your own", width: 240 });
      const out = h("p", { "aria-live": "polite" });
      place.replaceChildren(shown, h("div.choices", {}, ...labels.map((label) => h("button", { type: "button", onclick: () => {
        out.replaceChildren(label === each.label ? "Yes. " : `It is labeled ${each.label}. `, h("button", { type: "button", onclick: () => { URL.revokeObjectURL(url); turn(number + 1); } }, "Next"));
      } }, label))), out);
      return null;
    };
    turn(0);
  });
  return h("details.card", {}, h("summary", {}, "Voices and faces, from files of your own"),
    h("p.hint", {}, "Choose a folder with recordings or pictures in folders named for their feeling. They stay in this browser; nothing is sent."), h("label", { for: "own" }, "Folder"), files, place);
}

// -------------------------------------------------------------------------------------------------------------- progress

async function progress(place, offer, again) {
  const told = await mine("/progress");
  const rows = Object.entries(SKILLS).map(([skill, title]) => {
    const values = told.points.map((each) => each.skills[skill]);
    const latest = values.filter((each) => each !== null).at(-1);
    return h("div.skill", {}, h("span", {}, title), line(values), h("i", {}, latest === undefined ? "–" : `${Math.round(latest * 100)} %`));
  });
  place.replaceChildren(
    h("section.card", { "aria-label": "Your skills" }, h("h2", {}, "Your skills"),
      told.points.length ? h("p.hint", {}, `${told.points.length === 1 ? "1 conversation" : `${told.points.length} conversations`}; the share of your replies that showed it, oldest on the left.`) : null,
      told.points.length ? h("div", {}, ...rows) : null, h("p.small", {}, told.words)),
    about(offer.questionnaire, told.reports, again), kept(again));
}

function line(values) {
  const places = values.map((value, index) => [values.length > 1 ? 4 + (index * 292) / (values.length - 1) : 150, value]).filter(([, value]) => value !== null);
  const points = places.map(([x, value]) => `${x.toFixed(1)},${(42 - value * 36).toFixed(1)}`);
  return s("svg", { viewBox: "0 0 300 48", preserveAspectRatio: "none", "aria-hidden": "true" }, s("line", { class: "base", x1: 0, x2: 300, y1: 42, y2: 42 }),
    s("polyline", { class: "path", points: points.join(" ") }), ...places.map(([x, value]) => s("circle", { cx: x, cy: 42 - value * 36, r: 3, fill: "currentColor" })));
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
    h("button.danger", { type: "button", onclick: async () => { await mine("", undefined, { method: "DELETE" }); localStorage.removeItem(KEY); announce("Deleted"); again(); } }, "Yes, delete it"),
    h("button", { type: "button", onclick: again }, "Keep it"))) }, "Delete all of my practice");
  return h("section.card", { "aria-label": "What is kept" }, h("h2", {}, "Yours alone"),
    h("p.hint", {}, "Nobody else can see this: not a colleague, not a teacher, not whoever runs this server through these pages. It is found only with the key in this browser."),
    h("div.row", {}, h("button", { type: "button", onclick: save }, "Save everything as a file"), gone), told);
}
