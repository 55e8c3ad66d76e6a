// Recognize the feeling: in sentences, which come back when they are about to be forgotten, and in files of one's own.

import { h } from "./dom.js";
import { mine } from "./mine.js";

export async function drill(place, offer, again) {
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
      let told;
      try {
        told = await mine(`/drills/${each.id}`, { answer: choice });
      } catch (error) {
        for (const button of buttons) button.disabled = false;
        return void out.replaceChildren(h("p.wrong", { role: "alert" }, error.message));
      }
      for (const button of buttons) if (button.textContent === told.feeling) button.classList.add("it");
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
  const also = { angry: "anger", disgusted: "disgust", afraid: "fear", fearful: "fear", scared: "fear", happy: "joy", happiness: "joy", sad: "sadness", surprised: "surprise", calm: "neutral" };
  const labeled = (path) => { const found = [...labels, ...Object.keys(also)].find((each) => path.match(`/${each}[/_.-]`)); return also[found] || found; };
  files.addEventListener("change", () => {
    const found = [...files.files].map((file) => ({ file, label: labeled(`/${file.webkitRelativePath || file.name}`.toLowerCase()) }))
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
