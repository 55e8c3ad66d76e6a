// Rate: people say how good replies are without knowing whose each is. The server sends no names, and the order is
// random for everybody. A number key rates the reply that has the focus; every answer is kept at once.

import { ask } from "./lib/api.js";
import { announce, h } from "./lib/dom.js";

const NICKNAME = "heedful.rater";

export async function show(room) {
  const style = h("link", { rel: "stylesheet", href: "style/rate.css" });
  document.head.append(style);
  const place = h("div");
  room.append(h("h1", {}, "Rate"), place);
  const known = localStorage.getItem(NICKNAME);
  if (known) await next(place, known, false);
  else welcome(place);
  return () => style.remove();
}

function welcome(place) {
  const name = h("input", { id: "rater", required: true, maxlength: 80, autocomplete: "nickname" });
  const form = h("form.card", {},
    h("p", {}, "You read what somebody wrote, and several replies to it. Say how good each reply is for the person who gets it: does it hear them, and does it do them good?"),
    h("p", {}, "Who wrote which reply is not shown, on purpose. Stop whenever you like: every answer is kept at once, and you go on where you stopped."),
    h("label", { for: "rater" }, "A nickname of yours ", h("span.hint", {}, "(kept with your answers)")), name,
    h("p", {}), h("button.main", {}, "Begin"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = name.value.trim();
    if (!given) return;
    if (await next(place, given, true)) localStorage.setItem(NICKNAME, given);
  });
  place.replaceChildren(form);
}

/** Show the next message that waits; say whether that went well. */
async function next(place, rater, moved) {
  let told;
  try {
    told = await ask(`/v1/rating?rater=${encodeURIComponent(rater)}`);
  } catch (error) {
    place.querySelector(".wrong")?.remove();
    place.append(h("p.wrong", { role: "alert" }, error.message));
    return false;
  }
  const head = progress(told, rater, place);
  if (!told.message) {
    place.replaceChildren(head, h("section.card", {}, h("h2", { tabindex: "-1" }, "That was all. Thank you."),
      h("p", {}, "Whoever asked you sees the ratings of everybody together."),
      h("p.hint.small", {}, "They find them with ", h("code", {}, "heedful measure assistants FOLDER"), ".")));
  } else place.replaceChildren(head, ...message(told, rater, place));
  if (moved) {
    scrollTo(0, 0);
    place.querySelector("[tabindex='-1']")?.focus({ preventScroll: true });
  }
  return true;
}

function progress(told, rater, place) {
  const other = h("button.quiet", { type: "button", onclick: () => { localStorage.removeItem(NICKNAME); welcome(place); } }, "Somebody else");
  return h("div.rating-head", {},
    h("div.row.between", {}, h("p.hint", { id: "so-far" }, `${told.replies_rated} of ${told.replies_in_all} replies rated by ${rater}`), other),
    h("progress", { max: told.replies_in_all, value: told.replies_rated, "aria-labelledby": "so-far" }));
}

function message(told, rater, place) {
  const { best } = told;
  const { prompt, text, replies } = told.message;
  const onward = h("button.main", { type: "button", disabled: true, onclick: () => next(place, rater, true) }, "Next message");
  const wrong = h("p.wrong", { role: "alert" });
  const given = replies.map((each) => each.rated);
  const cards = replies.map((each, at) => card(each, at, best, async (value) => {
    try {
      await ask("/v1/rating", { rater, prompt, place: at, value });
    } catch (error) {
      wrong.textContent = error.message;
      return false;
    }
    wrong.textContent = "";
    given[at] = value;
    onward.disabled = given.some((one) => one === null);
    announce(`Reply ${at + 1}: ${value} of ${best}, kept`);
    return true;
  }, () => {
    const waiting = given.findIndex((one) => one === null);
    if (waiting < 0) onward.focus();
    else cards[waiting].querySelector("input").focus();
  }));
  return [
    h("section", { "aria-label": "What somebody writes" }, h("h2", { tabindex: "-1" }, "Somebody writes"), h("p.quoted", {}, text)),
    h("p.hint.small", {}, `1 is the worst, ${best} the best. With a reply in focus, the keys 1 to ${best} rate it and go on to the next.`),
    ...cards, wrong, h("div.row.rating-on", {}, onward),
  ];
}

function card(reply, at, best, keep, onward) {
  const name = `reply-${at}`;
  const values = Array.from({ length: best }, (_, place) => place + 1);
  const inputs = values.map((value) => h("input", { type: "radio", name, id: `${name}-${value}`, value, checked: reply.rated === value }));
  const field = h("fieldset.card.rated", {}, h("legend", {}, `Reply ${at + 1}`), h("p.reply", {}, reply.text),
    h("div.marks-given", {}, h("span.hint.small", { "aria-hidden": "true" }, "worst"),
      ...values.map((value, place) => h("span", {}, inputs[place], h("label", { for: `${name}-${value}` },
        String(value), h("span.unseen", {}, value === 1 ? ", the worst" : value === best ? ", the best" : "")))),
      h("span.hint.small", { "aria-hidden": "true" }, "best")));
  const choose = async (value) => {
    const before = inputs.findIndex((input) => input.defaultChecked);
    const kept = await keep(value);
    inputs.forEach((input, place) => { input.checked = kept ? place === value - 1 : place === before; });
    if (kept) inputs.forEach((input, place) => { input.defaultChecked = place === value - 1; });
    return kept;
  };
  for (const input of inputs) input.addEventListener("change", () => choose(Number(input.value)));
  field.addEventListener("keydown", async (event) => {
    const value = Number(event.key);
    if (event.ctrlKey || event.altKey || event.metaKey || !values.includes(value)) return;
    event.preventDefault();
    if (await choose(value)) onward();
  });
  return field;
}
