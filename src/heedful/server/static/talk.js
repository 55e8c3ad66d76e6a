// Talk: write, and see how it sounds.

import { h } from "./lib/dom.js";
import { ask } from "./lib/api.js";

export async function show(room, app) {
  const text = h("textarea", { id: "text", rows: 2 });
  const heard = h("p", { "aria-live": "polite" });
  const form = h("form", {}, h("label", { for: "text" }, "What is on your mind?"), text, h("button.main", {}, "Send"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const percept = await ask("/v1/perceive", { text: text.value });
    heard.textContent = `This sounds like ${percept.expressed[0]}.`;
  });
  room.append(h("h1", {}, "Talk"), h("p.hint", {}, app.about.notice), form, heard);
}
