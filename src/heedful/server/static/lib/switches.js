// The switches under the text: microphone, camera, and reading aloud. Each of the first two asks for consent.

import { ask } from "./api.js";
import { h } from "./dom.js";
import { hindrance, listen, watch } from "./senses.js";
import { canSpeak } from "./voice.js";

const READS = "heedful.reads";
const KINDS = {
  microphone: {
    title: "Turn the microphone on?",
    purpose: "Your voice is read for how you may be feeling while the switch is on. The sound is not kept.",
    never: "This installation does not read voices.",
  },
  camera: {
    title: "Turn the camera on?",
    purpose: "Your face and gestures are read for how you may be feeling while the switch is on. The pictures are not kept.",
    never: "This installation does not read faces.",
  },
};

export class Switches {
  /** `to` is { heard, heardEnd, seen, seenEnd, speaks, told }. */
  constructor(app, to) {
    Object.assign(this, { app, to, running: {} });
    this.level = h("i.level");
    this.video = h("video", { muted: true, playsinline: true, hidden: true, "aria-label": "What the camera sees" });
    this.reads = canSpeak && localStorage.getItem(READS) === "on";
    this.aloud = this.toggle("Read aloud", this.reads, (on) => {
      this.reads = on;
      localStorage.setItem(READS, on ? "on" : "off");
      to.speaks(on);
      return on;
    });
    this.microphone = this.device("microphone", app.about.can.hear);
    this.camera = this.device("camera", app.about.can.see);
    this.consent = h("div");
    this.element = h("div.senses", {}, this.consent, this.video,
      h("div.row.switches", {}, this.microphone, this.camera, canSpeak ? this.aloud : null));
  }

  device(kind, can) {
    const name = kind === "microphone" ? "Microphone" : "Camera";
    const button = this.toggle(name, false, async (on) => (on ? this.start(kind, button) : this.stop(kind, true)));
    if (kind === "microphone") button.append(this.level);
    if (!can || !navigator.mediaDevices) {
      button.disabled = true;
      button.title = can ? "Browsers open it only on this machine or over https." : KINDS[kind].never;
      button.append(h("span.unseen", {}, ` ${button.title}`));
    }
    return button;
  }

  toggle(name, on, change) {
    const button = h("button.switch", { type: "button", role: "switch", "aria-checked": `${on}` }, h("i.knob", { "aria-hidden": "true" }), h("span", {}, name));
    button.addEventListener("click", async () => {
      const now = await change(button.getAttribute("aria-checked") !== "true");
      button.setAttribute("aria-checked", `${Boolean(now)}`);
    });
    return button;
  }

  async start(kind, button) {
    if (!(await this.agreed(kind, button))) return false;
    try {
      if (kind === "microphone") {
        this.running.microphone = await listen(this.to.heard, (level) => this.level.style.setProperty("--level", level));
      } else {
        this.running.camera = await watch(this.video, this.to.seen);
        this.video.hidden = false;
      }
    } catch (error) {
      this.to.told(hindrance(error, kind));
      return false;
    }
    return true;
  }

  /** Ask for consent, keep it, and return whether it was given. */
  agreed(kind, button) {
    const { title, purpose } = KINDS[kind];
    return new Promise((done) => {
      const answer = async (yes) => {
        this.consent.replaceChildren();
        button.focus();
        try {
          if (yes) await ask(`/v1/people/${encodeURIComponent(this.app.person)}/consents`, { what: kind, purpose });
          done(yes);
        } catch (error) {
          this.to.told(error.message);
          done(false);
        }
      };
      const yes = h("button.main", { type: "button", onclick: () => answer(true) }, "Yes, turn it on");
      this.consent.replaceChildren(h("section.card.consent", { "aria-label": title },
        h("h2", {}, title), h("p", {}, purpose, " You can turn it off at any time, and Privacy shows when you agreed."),
        h("div.row", {}, yes, h("button", { type: "button", onclick: () => answer(false) }, "No"))));
      this.consent.scrollIntoView({ block: "nearest" });
      yes.focus();
    });
  }

  async stop(kind, withdraw) {
    this.running[kind]?.();
    delete this.running[kind];
    if (kind === "microphone") { this.level.style.setProperty("--level", 0); this.to.heardEnd(); }
    else { this.video.hidden = true; this.to.seenEnd(); }
    if (withdraw) {
      const path = `/v1/people/${encodeURIComponent(this.app.person)}/consents/${kind}`;
      await ask(path, undefined, { method: "DELETE" }).catch(() => {});
    }
    return false;
  }

  off() {
    for (const kind of Object.keys(this.running)) {
      this.stop(kind, true);
      this[kind].setAttribute("aria-checked", "false");
    }
  }
}
