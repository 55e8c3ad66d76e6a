// Privacy: what is kept, what was agreed to, and how to take it along or have it erased.

import { ask } from "./lib/api.js";
import { announce, h } from "./lib/dom.js";
import { when } from "./lib/words.js";

const CRISIS = {
  what: "crisis",
  purpose: "If you were in danger in an earlier conversation, a new one begins with that in mind.",
};

export async function show(room, app) {
  const who = `/v1/people/${encodeURIComponent(app.person)}`;
  const [conversations, consents] = await Promise.all([ask("/v1/conversations"), ask(`${who}/consents`)]);
  const turns = conversations.reduce((sum, each) => sum + each.turns, 0);
  const again = () => { room.replaceChildren(); return show(room, app); };
  room.append(h("h1", {}, "Privacy"), h("p", {}, app.about.notice),
    h("section.card", { "aria-label": "What is kept" }, h("h2", {}, "What is kept"),
      h("dl.kept", {},
        h("dt", {}, "Conversations"), h("dd", {}, `${conversations.length}, with ${turns} ${turns === 1 ? "message and its reply" : "messages and replies"}`),
        h("dt", {}, "What identifies people"), h("dd", {}, app.about.redacts ? "taken out before anything is stored, as far as software can tell" : "kept as it was written"),
        h("dt", {}, "Sound and pictures"), h("dd", {}, "never"),
        h("dt", {}, "How long"), h("dd", {}, app.about.retention ? `${app.about.retention} days` : "until it is erased"),
        h("dt", {}, "Where"), h("dd", {}, where(app.about)))),
    h("section.card", { "aria-label": "What you agreed to" }, h("h2", {}, "What you agreed to"),
      agreements(consents, who, again)),
    h("section.card", { "aria-label": "Take it along, or have it erased" }, h("h2", {}, "Take it along, or have it erased"),
      takeAlong(who), forget(who, again)));
}

function where(about) {
  const kept = about.local ? "in a file on the machine that runs this server" : "in a database that whoever runs this server has chosen";
  return about.writer === "compose" ? `${kept}; nothing is sent anywhere else`
    : `${kept}; what you write is also sent to the language model that this server's settings name`;
}

function agreements(consents, who, again) {
  const act = (task) => async (event) => {
    event.currentTarget.disabled = true;
    await task();
    await again();
  };
  const lasting = consents.some((each) => each.what === CRISIS.what && !each.withdrawn);
  const offer = lasting ? null : h("div.row.between.offer", {}, h("p", {}, CRISIS.purpose),
    h("button", { type: "button", onclick: act(() => ask(`${who}/consents`, CRISIS)) }, "Agree"));
  const rows = consents.toReversed().map((each) => h("tr", {},
    h("th", { scope: "row" }, each.what), h("td", {}, each.purpose), h("td", {}, when(each.given)),
    h("td", {}, each.withdrawn ? when(each.withdrawn)
      : h("button", { type: "button", onclick: act(() => ask(`${who}/consents/${encodeURIComponent(each.what)}`, undefined, { method: "DELETE" })) }, "Withdraw"))));
  const history = h("div.wide", { tabindex: "0", role: "region", "aria-label": "Consents" }, h("table", {},
    h("thead", {}, h("tr", {}, ...["To", "What for", "Given", "Withdrawn"].map((each) => h("th", { scope: "col" }, each)))), h("tbody", {}, ...rows)));
  return h("div", {}, consents.length ? history : h("p", {}, "Nothing so far. Microphone and camera ask when you turn them on."), offer);
}

function takeAlong(who) {
  const told = h("span.hint.small", { role: "status" });
  const save = async () => {
    try {
      const everything = await ask(who);
      const file = URL.createObjectURL(new Blob([JSON.stringify(everything, null, 2)], { type: "application/json" }));
      h("a", { href: file, download: "heedful.json" }).click();
      setTimeout(() => URL.revokeObjectURL(file), 10000);
      told.textContent = "Saved as heedful.json.";
    } catch (error) {
      told.textContent = error.status === 404 ? "Nothing is kept about you." : error.message;
    }
  };
  return h("div.row.choice", {}, h("button", { type: "button", onclick: save }, "Save everything as a file"), told);
}

function forget(who, again) {
  const place = h("div.choice");
  const told = h("p.hint.small", { role: "status" });
  const begin = h("button.danger", { type: "button" }, "Erase everything about me");
  const really = async () => {
    try {
      const gone = await ask(who, undefined, { method: "DELETE" });
      localStorage.removeItem("heedful.conversation");
      const words = `Erased: ${gone.turns} messages with their replies, ${gone.feedback} pieces of feedback, ${gone.consents} consents.`;
      await again();
      announce(words);
      document.querySelector(".forgotten").textContent = words;
    } catch (error) {
      told.textContent = error.status === 404 ? "Nothing is kept about you." : error.message;
    }
  };
  begin.addEventListener("click", () => {
    const no = h("button", { type: "button", onclick: () => { place.replaceChildren(begin, told); begin.focus(); } }, "Keep it");
    place.replaceChildren(h("div.sure", { role: "group", "aria-label": "Are you sure?" },
      h("p", {}, "Every conversation of yours, what you said about the replies and what you agreed to is erased, and cannot be brought back."),
      h("div.row", {}, h("button.danger", { type: "button", onclick: really }, "Yes, erase it"), no)), told);
    no.focus();
  });
  place.append(begin, told);
  return h("div", {}, place, h("p.forgotten", { role: "status" }));
}
