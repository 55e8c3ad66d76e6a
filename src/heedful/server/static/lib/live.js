// Speak with /v1/live: one connection, taken up again when it is lost; no message is lost on the way.

import { key } from "./api.js";

const LIMIT = 262144; // bytes that may wait to be sent before frames are left out

export class Live {
  /** `settings` opens the session; `on(event)` gets every event; `state(name)` hears "open", "lost" or "closed". */
  constructor(settings, on, state) {
    Object.assign(this, { settings, on, state, after: 0, session: null, turn: null, waiting: new Map(), tries: 0, over: false });
    this.connect();
  }

  connect() {
    this.socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/v1/live`);
    this.socket.binaryType = "arraybuffer";
    this.socket.addEventListener("open", () => {
      const resume = this.session ? { session: this.session, after: this.after, turn: this.turn } : undefined;
      this.put({ type: "session_settings", ...this.settings, key: key() || undefined, resume });
    });
    this.socket.addEventListener("message", (message) => this.take(JSON.parse(message.data)));
    this.socket.addEventListener("close", (event) => this.lost(event));
  }

  take(event) {
    if (event.seq) this.after = event.seq;
    if (event.type === "session_started") {
      if (!event.resumed) this.after = 0;
      this.session = event.session;
      this.settings.conversation = event.conversation;
      this.tries = 0;
      this.state("open");
      for (const message of this.waiting.values()) this.put(message);
    }
    if (event.type === "assistant_message") {
      this.turn = event.turn.id;
      this.waiting.delete(event.message);
    }
    if (event.type === "error" && event.message) this.waiting.delete(event.message);
    this.on(event);
  }

  lost(event) {
    if (this.over) return;
    if (event.code === 1000 || event.code === 1008) {
      this.over = true;
      this.state("closed");
      return;
    }
    this.state("lost");
    setTimeout(() => this.over || this.connect(), Math.min(8000, 300 * 2 ** this.tries++));
  }

  /** Send what the person wrote; kept until it is answered. Returns its id. */
  say(text, utterance) {
    const id = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
    const message = { type: "user_input", id, text, utterance };
    this.waiting.set(id, message);
    if (this.ready) this.put(message);
    return id;
  }

  /** Change the settings. */
  set(settings) {
    Object.assign(this.settings, settings);
    if (this.ready) this.put({ type: "session_settings", ...this.settings });
  }

  hear(samples) {
    if (this.ready && this.socket.bufferedAmount < LIMIT) this.socket.send(samples);
  }

  see(data) {
    if (this.ready && this.socket.bufferedAmount < LIMIT) this.put({ type: "video_frame", data });
  }

  put(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  get ready() {
    return this.session !== null && this.socket.readyState === WebSocket.OPEN;
  }

  close() {
    this.over = true;
    this.socket.close(1000);
  }
}
