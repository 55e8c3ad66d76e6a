// The frame: navigation, theme, and one page at a time in the room. A page is a module `NAME.js` beside this one:
//
//   export async function show(room, app) { room.append(...); return () => { /* on leaving */ }; }
//
// `app` is { about, person, go }: what /v1/about says, whose data these are, and the way to another page.
// A page whose module is not there has no place in the navigation.

import { announce, h } from "./lib/dom.js";
import { ask, key, keepKey } from "./lib/api.js";

const room = document.getElementById("room");
const app = { about: null, person: "me", go: (page) => { location.hash = `#/${page}`; } };
let leave = null;
let turn = 0;

async function start() {
  setTheme(document.documentElement.dataset.theme);
  try {
    app.about = await ask("/v1/about");
  } catch (error) {
    room.replaceChildren(h("p.wrong", { role: "alert" }, error.message));
    return;
  }
  if (app.about.keys && !key()) await askForKey(); // the way to the pages is shown once they can be opened
  document.getElementById("pages").replaceChildren(
    ...Object.entries(app.about.pages).map(([name, title]) =>
      h("li", {}, h("a", { href: `#/${name}`, data: { page: name } }, title))),
  );
  addEventListener("hashchange", () => enter(true));
  await enter(false);
  performance.mark("interactive"); // the first page can be used: what the browser test measures
}

async function enter(moved) {
  const wanted = location.hash.replace(/^#\//, "").split("?")[0];
  if (location.hash && !location.hash.startsWith("#/")) return; // an anchor within the page
  const name = wanted in app.about.pages ? wanted : Object.keys(app.about.pages)[0];
  const mine = ++turn;
  if (leave) leave();
  leave = null;
  for (const link of document.querySelectorAll("#pages a")) {
    if (link.dataset.page === name) {
      link.setAttribute("aria-current", "page");
      if (moved) link.scrollIntoView({ block: "nearest", inline: "center" });
    } else link.removeAttribute("aria-current");
  }
  const title = app.about.pages[name];
  document.title = `${title} · Heedful`;
  try {
    const place = h("div.page", { data: { page: name } }, h("p.hint.moment", {}, "One moment."));
    const page = await import(`./${name}.js`);
    if (mine !== turn) return;
    room.replaceChildren(place);
    const left = await page.show(place, app);
    if (mine === turn) leave = left || null;
    else if (left) left();
  } catch (error) {
    if (mine !== turn) return;
    if (app.about.keys && error.status === 401) { // the key was closed meanwhile
      keepKey("");
      await askForKey();
      return void (await enter(moved));
    }
    room.replaceChildren(h("div.page", { data: { page: name } }, h("h1", {}, title), h("p.wrong", { role: "alert" }, error.message)));
  }
  if (moved && mine === turn) {
    scrollTo(0, 0);
    room.focus({ preventScroll: true });
    announce(title);
  }
}

function askForKey() {
  return new Promise((done) => {
    const input = h("input", { id: "key", type: "password", autocomplete: "off", required: true });
    const wrong = h("p.wrong", { role: "alert" });
    const form = h("form.card", {}, h("h1", {}, "A key is needed here"),
      h("p", {}, "Whoever runs this server makes one with ", h("code", {}, "heedful keys create"),
        ". It is kept until you close this tab."),
      h("label", { for: "key" }, "Key"), input, wrong, h("p.row.below", {}, h("button.main", {}, "Enter")));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      keepKey(input.value.trim());
      try {
        await ask("/v1/models");
        done();
      } catch (error) {
        if (error.status === 403 && !error.message.includes("revoked")) return void done(); // it opens other things
        keepKey("");
        wrong.textContent = error.message;
      }
    });
    room.replaceChildren(h("div.page", {}, form));
    input.focus();
  });
}

const THEMES = { "": "Theme: system", light: "Theme: light", dark: "Theme: dark" };

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("heedful.theme", theme);
  document.getElementById("theme").textContent = THEMES[theme] || THEMES[""];
}

document.getElementById("theme").addEventListener("click", () => {
  const names = Object.keys(THEMES);
  setTheme(names[(names.indexOf(document.documentElement.dataset.theme) + 1) % names.length]);
});

start();
