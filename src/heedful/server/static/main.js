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
  document.getElementById("pages").replaceChildren(
    ...Object.entries(app.about.pages).map(([name, title]) =>
      h("li", {}, h("a", { href: `#/${name}`, data: { page: name } }, title))),
  );
  addEventListener("hashchange", () => enter(true));
  if (app.about.keys && !key()) await askForKey();
  await enter(false);
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
    const page = await import(`./${name}.js`);
    const place = h("div.page", { data: { page: name } });
    if (mine !== turn) return;
    room.replaceChildren(place);
    const left = await page.show(place, app);
    if (mine === turn) leave = left || null;
    else if (left) left();
  } catch (error) {
    if (mine === turn) room.replaceChildren(h("p.wrong", { role: "alert" }, error.message));
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
      h("label", { for: "key" }, "Key"), input, wrong, h("button.main", {}, "Enter"));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      keepKey(input.value.trim());
      try {
        await ask("/v1/models");
        done();
      } catch (error) {
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
