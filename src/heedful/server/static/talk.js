// Talk: write, speak or be seen; see how it sounds; get a reply; put right what was misheard.

import { ask } from "./lib/api.js";
import { reminder } from "./lib/care.js";
import { announce, h } from "./lib/dom.js";
import { Exchange } from "./lib/exchange.js";
import { Live } from "./lib/live.js";
import { passing } from "./lib/marks.js";
import { Switches } from "./lib/switches.js";
import { hush, speak } from "./lib/voice.js";
import { titled } from "./lib/words.js";

const LATEST = "heedful.conversation";

export async function show(room, app) {
  const talk = new Talk(room, app);
  await talk.begin(localStorage.getItem(LATEST));
  return () => talk.leave();
}

class Talk {
  constructor(room, app) {
    Object.assign(this, { room, app, exchanges: new Map(), utterance: null });
    this.log = h("div.talk", { role: "log", "aria-label": "Conversation", "aria-live": "polite" });
    this.now = h("div.now", { "aria-live": "off" });
    this.staying = h("div.staying");
    this.state = h("p.hint.small.state", { role: "status" });
    this.pending = h("div");
    this.text = h("textarea", { id: "text", rows: 1, "aria-label": "Your message", placeholder: "What is on your mind?", maxlength: app.about.limits.text, autocomplete: "off" });
    this.send = h("button.main.send", { "aria-label": "Send" }, "Send");
    this.form = h("form.composer", {}, this.text, this.send);
    this.switches = new Switches(app, {
      heard: (samples) => this.live.hear(samples),
      heardEnd: () => this.live.put({ type: "audio_input", end: true }),
      seen: (picture) => this.live.see(picture),
      seenEnd: () => { this.live.put({ type: "video_frame", end: true }); this.now.replaceChildren(); },
      speaks: (on) => { this.live.set({ speaks: on }); if (!on) hush(); },
      told: (text) => this.tell(text),
    });
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.say(); });
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.say(); }
    });
    this.text.addEventListener("input", () => this.fit());
    this.picker = h("select.picker", { "aria-label": "Conversation" });
    this.picker.addEventListener("change", () => this.change(this.picker.value));
    room.classList.add("talking");
    room.append(
      h("div.row.between.top", {}, h("h1", {}, "Talk"),
        h("div.row", {}, this.picker, h("button", { type: "button", onclick: () => this.change("") }, "New"))),
      this.welcome = h("div"), this.log,
      h("div.dock", {}, this.staying, this.now, this.pending, this.state, this.form, this.switches.element));
  }

  async begin(name) {
    this.exchanges.clear();
    this.log.replaceChildren();
    this.staying.replaceChildren();
    const turns = name ? await ask(`/v1/conversations/${encodeURIComponent(name)}`) : [];
    this.welcome.replaceChildren(...(turns.length ? [] : [this.greeting()]));
    for (const turn of turns) this.restore(turn);
    this.room.classList.toggle("fresh", !turns.length);
    this.live = new Live({ conversation: name || undefined, person: this.app.person, speaks: this.switches.reads, transcript: this.app.about.can.transcribe ? "server" : "client" },
      (event) => this.take(event), (state) => this.connection(state));
    await this.list(name);
    if (turns.length) this.down();
    if (matchMedia("(hover: hover)").matches) this.text.focus({ preventScroll: true });
  }

  greeting() {
    const { notice, can } = this.app.about;
    const ways = [
      h("li", {}, h("strong", {}, "Write"), " below. That is all it takes."),
      can.hear ? h("li", {}, h("strong", {}, "Speak"), ", if you like: the switch under the text turns the microphone on.") : null,
      can.see ? h("li", {}, h("strong", {}, "Be seen"), ", if you like: another switch turns the camera on.") : null,
      h("li", {}, h("strong", {}, "Put it right"), " when it mishears you: there is a button for that under each reply."),
    ];
    return h("section.card.welcome", { "aria-label": "Before you begin" },
      h("h2", {}, "Tell me what is on your mind."), h("p", {}, notice), h("ul", {}, ...ways));
  }

  restore(turn) {
    const exchange = new Exchange(turn.message.text);
    exchange.finish(turn);
    this.exchanges.set(turn.id, exchange);
    this.log.append(exchange.element);
    this.danger(turn);
  }

  async change(name) {
    this.live.close();
    hush();
    this.switches.off();
    localStorage.setItem(LATEST, name);
    await this.begin(name);
    announce(name ? "Conversation opened" : "New conversation");
  }

  async list(current) {
    const found = await ask("/v1/conversations").catch(() => []);
    const names = found.map((each) => each.name);
    const options = found.slice(0, 30).map((each) => h("option", { value: each.name, selected: each.name === current }, titled(each)));
    if (!current || !names.includes(current)) options.unshift(h("option", { value: "", selected: true }, "New conversation"));
    this.picker.replaceChildren(...options);
    this.picker.hidden = !found.length;
  }

  say() {
    const text = this.text.value.trim();
    if (!text && this.utterance === null) return;
    const utterance = this.utterance ?? undefined;
    this.utterance = null;
    this.pending.replaceChildren();
    hush();
    this.show(this.live.say(text, utterance), text, utterance === undefined ? "text" : "speech");
    this.text.value = "";
    this.fit();
  }

  show(id, text, source) {
    if (this.exchanges.has(id)) return this.exchanges.get(id);
    const exchange = new Exchange(text, source);
    this.exchanges.set(id, exchange);
    this.welcome.replaceChildren();
    this.room.classList.remove("fresh");
    this.log.append(exchange.element);
    this.down();
    return exchange;
  }

  take(event) {
    const exchange = event.message ? this.exchanges.get(event.message) : null;
    const parts = {
      session_started: () => localStorage.setItem(LATEST, event.conversation),
      user_message: () => this.show(event.message, event.text, event.source),
      reading: () => (event.source === "message" ? exchange?.perceived(event.percept) : this.passing(event)),
      plan: () => exchange?.understood(event.understanding),
      assistant_delta: () => { exchange?.add(event); this.down(); },
      assistant_message: () => this.answered(event, exchange),
      interrupted: () => hush(),
      utterance: () => this.spoken(event),
      notice: () => this.tell(event.detail),
      error: () => (exchange ? exchange.failed(event.detail) : this.tell(event.detail)),
    };
    parts[event.type]?.();
  }

  answered(event, exchange) {
    const { turn } = event;
    const known = exchange || this.show(turn.id, turn.message.text, "text");
    known.finish(turn);
    this.danger(turn);
    // In danger the help is what has to be seen, from its beginning.
    if (turn.plan.resources.length) requestAnimationFrame(() => known.reply.scrollIntoView({ block: "start" }));
    else this.down();
    if (this.switches.reads && !event.interrupted) speak(turn.reply.text, turn.plan);
    if (this.picker.value === "") this.list(this.live.settings.conversation);
  }

  danger(turn) {
    const risk = turn.understanding.risk;
    if (turn.plan.resources.length) this.resources = turn.plan.resources;
    const lasting = risk.level !== "none" && this.resources;
    this.staying.replaceChildren(...(lasting ? [reminder(this.resources)] : []));
  }

  passing(event) {
    this.latest = { ...this.latest, [event.source]: event.reading };
    this.now.replaceChildren(h("span.unseen", {}, "At this moment: "), ...Object.entries(this.latest).map(([source, reading]) => passing(source, reading)));
  }

  spoken(event) {
    this.utterance = event.utterance;
    this.pending.replaceChildren(h("div.card.spoken.row.between", {},
      h("span", {}, `Heard ${event.seconds.toFixed(1)} s. `, passing("voice", event.reading)),
      h("div.row", {}, h("span.hint.small", {}, "Write what you said, or"),
        h("button", { type: "button", onclick: () => this.say() }, "Answer the sound alone"))));
    announce("Heard you. Write what you said, or answer the sound alone.");
  }

  connection(state) {
    const words = { open: "", lost: "The connection was lost. Trying again; nothing you wrote is lost.", closed: "This session has ended." };
    this.state.textContent = words[state];
    if (state !== "closed") return;
    this.state.append(" ", h("button", { type: "button", onclick: () => this.change(localStorage.getItem(LATEST)) }, "Go on"));
  }

  tell(text) {
    this.state.textContent = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { if (this.state.textContent === text) this.state.textContent = ""; }, 12000);
  }

  fit() {
    this.text.style.setProperty("height", "auto");
    this.text.style.setProperty("height", `${Math.min(this.text.scrollHeight + 2, 240)}px`);
  }

  down() {
    requestAnimationFrame(() => scrollTo({ top: document.body.scrollHeight }));
  }

  leave() {
    this.live.close();
    this.switches.off();
    hush();
    clearTimeout(this.timer);
  }
}
