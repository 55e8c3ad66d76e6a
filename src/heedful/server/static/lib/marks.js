// What was perceived in a message, as calm marks: feeling, strength, sureness, where from, and whether it agrees.

import { h } from "./dom.js";
import { MODALITIES, SOUNDS, SURE, color, confidence, disagreement, headline, leading, percent, strongest } from "./words.js";

/** Draw a percept; `strength` in [0, 1] is known once the message was understood. */
export function marks(percept, strength = null) {
  const unsure = percept.abstained || percept.confidence < SURE;
  const label = leading(percept);
  const parts = [h("span.feeling", {}, h("span.dot", { style: { "--tone": unsure ? "var(--neutral)" : color(label) } }), headline(percept))];
  if (!unsure && strength !== null) parts.push(meter(strength, color(label)));
  if (!percept.abstained) parts.push(h("span", {}, confidence(percept.confidence)));
  const heard = percept.readings.filter((each) => !each.abstained).map((each) => MODALITIES[each.modality]);
  if (heard.length) parts.push(h("span", {}, `from your ${list(heard)}`));
  const line = h(unsure ? "p.marks.unsure" : "p.marks", {}, ...between(parts));
  const apart = disagreement(percept);
  return h("div.heard", {}, line, percept.abstained ? h("p.marks", {}, reason(percept.abstained)) : null,
    apart ? h("p.marks.apart", {}, apart) : null);
}

/** Draw how strong a feeling is, as five marks with the number beside them for those who cannot see them. */
export function meter(strength, tone) {
  const full = Math.max(1, Math.round(strength * 5));
  const dots = [1, 2, 3, 4, 5].map((each) => h(each <= full ? "i.on" : "i"));
  return h("span.meter", { role: "img", "aria-label": `strength ${full} of 5`, title: `strength ${full} of 5`, style: { "--tone": tone } }, ...dots);
}

/** Draw a reading of one modality that came while somebody spoke or was seen. */
export function passing(source, reading) {
  if (reading.abstained) return h("span.marks", {}, `${MODALITIES[source]}: not sure`);
  const label = strongest(reading.basic) || "neutral";
  const sure = reading.confidence < SURE ? "not sure, perhaps " : "";
  return h("span.marks", {}, h("span.dot", { style: { "--tone": color(label) } }), `${MODALITIES[source]}: ${sure}${SOUNDS[label]}`);
}

/** Draw the strongest feelings as bars. */
export function bars(shares, count = 4) {
  const ranked = Object.entries(shares).sort((a, b) => b[1] - a[1]).filter(([, share], place) => place === 0 || share >= 0.08);
  return h("div.bars", {}, ...ranked.slice(0, count).flatMap(([label, share]) => [
    h("span", {}, label),
    h("span.bar", { style: { "--share": `${share * 100}%`, "--tone": color(label) } }),
    h("span.small", {}, percent(share)),
  ]));
}

export function list(words) {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function between(parts) {
  return parts.flatMap((part, place) => (place ? [h("span.sep", { "aria-hidden": "true" }, "·"), part] : [part]));
}

function reason(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
