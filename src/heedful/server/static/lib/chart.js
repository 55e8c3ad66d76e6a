// Draw the course of a feeling: pleasant and stirred over the messages, and the path through both.

import { s } from "./dom.js";

const HIGH = 260;
const EDGE = { left: 100, right: 20, top: 16, bottom: 34 };

/** Two lines over the messages; `turns` are marked, and each point can be chosen: chosen(index). */
export function course(valence, arousal, turning, chosen) {
  const wide = matchMedia("(max-width: 52rem)").matches ? 420 : 720; // on a phone the words have to stay readable
  const across = (index) => EDGE.left + (valence.length < 2 ? 0.5 : index / (valence.length - 1)) * (wide - EDGE.left - EDGE.right);
  const up = (value) => EDGE.top + ((1 - value) / 2) * (HIGH - EDGE.top - EDGE.bottom);
  const line = (values) => values.map((value, index) => `${index ? "L" : "M"}${across(index).toFixed(1)} ${up(value).toFixed(1)}`).join("");
  const zero = up(0);
  const area = valence.length > 1 ? `${line(valence)}L${across(valence.length - 1)} ${zero}L${across(0)} ${zero}Z` : "";
  return s("svg", { viewBox: `0 0 ${wide} ${HIGH}`, class: "chart", "aria-hidden": "true" },
    ...[[1, "pleasant"], [0, "neither"], [-1, "unpleasant"]].flatMap(([value, word]) => [
      s("line", { x1: EDGE.left, x2: wide - EDGE.right, y1: up(value), y2: up(value), class: value ? "grid" : "zero" }),
      text(EDGE.left - 10, up(value) + 5, word, "end"),
    ]),
    s("path", { d: area, class: "area" }),
    s("path", { d: line(arousal), class: "arousal" }),
    s("path", { d: line(valence), class: "valence" }),
    ...turning.filter((index) => index < valence.length).map((index) =>
      s("line", { x1: across(index), x2: across(index), y1: EDGE.top, y2: HIGH - EDGE.bottom, class: "turning" })),
    ...valence.map((value, index) => {
      const point = s("circle", { cx: across(index), cy: up(value), r: 7, class: "point" });
      point.addEventListener("click", () => chosen(index));
      point.append(s("title", {}, document.createTextNode(`message ${index + 1}`)));
      return point;
    }),
    text(across(0), HIGH - 8, "first message", valence.length < 2 ? "middle" : "start"),
    ...(valence.length > 1 ? [text(across(valence.length - 1), HIGH - 8, "latest", "end")] : []));
}

/** The path through the plane of pleasant and stirred, from the first message to the latest. */
export function plane(valence, arousal) {
  const size = 300;
  const edge = 42;
  const at = (value, flip) => edge + (flip ? (1 - value) / 2 : (value + 1) / 2) * (size - 2 * edge);
  const points = valence.map((value, index) => [at(value), at(arousal[index], true)]);
  const path = points.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  return s("svg", { viewBox: `0 0 ${size} ${size}`, class: "chart plane", "aria-hidden": "true" },
    s("rect", { x: edge, y: edge, width: size - 2 * edge, height: size - 2 * edge, rx: 10, class: "field" }),
    s("line", { x1: edge, x2: size - edge, y1: size / 2, y2: size / 2, class: "grid" }),
    s("line", { x1: size / 2, x2: size / 2, y1: edge, y2: size - edge, class: "grid" }),
    text(size / 2, edge - 12, "stirred", "middle"), text(size / 2, size - edge + 24, "calm", "middle"),
    turned(edge - 14, size / 2, "unpleasant", -90), turned(size - edge + 14, size / 2, "pleasant", 90),
    s("path", { d: path, class: "valence" }),
    ...points.map(([x, y], index) => s("circle", { cx: x, cy: y, r: index === points.length - 1 ? 8 : 4, class: index === points.length - 1 ? "last" : "point" })));
}

function text(x, y, words, anchor) {
  return s("text", { x, y, "text-anchor": anchor }, document.createTextNode(words));
}

function turned(x, y, words, degrees) {
  return s("text", { x, y, "text-anchor": "middle", transform: `rotate(${degrees} ${x} ${y})`, "dominant-baseline": "middle" }, document.createTextNode(words));
}
