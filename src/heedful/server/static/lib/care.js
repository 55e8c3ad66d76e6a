// Whom a person in danger can turn to: calm, large, and not to be missed.

import { h } from "./dom.js";

const REACH = {
  concern: "People you can turn to",
  high: "People you can reach right now",
  imminent: "Please reach one of them now",
};

/** Draw the resources of a plan. */
export function care(resources, level) {
  return h("section.care", { "aria-label": "Help" },
    h("h3", {}, REACH[level] || REACH.concern),
    h("ul", {}, ...resources.map((each) => h("li", {},
      h("span.who", {}, each.name),
      link(each, "a.reach"),
      each.hours ? h("span.small", {}, each.hours) : null))));
}

/** Draw the same as one line, which stays while the danger lasts. */
export function reminder(resources) {
  return h("p.reminder", {}, h("strong", {}, "At any time: "),
    ...resources.flatMap((each, place) => [place ? " · " : "", link(each, "a")]));
}

/** Return the parts of a reply before and after its list of resources, which is drawn apart. */
export function around(reply, resources) {
  const lines = (reply || "").split("\n");
  const listed = (line) => resources.some((each) => line.startsWith(`${each.name}:`));
  const first = lines.findIndex(listed);
  if (first < 0) return [lines.join("\n"), ""];
  return [lines.slice(0, first).join("\n"), lines.slice(first).filter((line) => !listed(line)).join("\n")];
}

/** A number is called, or written to, with one tap; anything else leads to its own page. */
function link(resource, what) {
  const number = /^(call |text )?(\+?\d[\d\s-]+)$/i.exec(resource.contact.trim());
  const scheme = number?.[1]?.toLowerCase() === "text " ? "sms" : "tel";
  const href = number ? `${scheme}:${number[2].replace(/[^\d+]/g, "")}` : resource.url;
  if (!href) return h("strong", {}, resource.contact);
  const away = number ? {} : { target: "_blank", rel: "noopener noreferrer" };
  return h(what, { href, ...away }, resource.contact);
}
