// Runs in the audio thread: gathers a tenth of a second of sound, and hands it on as 16-bit samples with its level.

class Recorder extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Int16Array(Math.round(sampleRate / 10));
    this.filled = 0;
    this.power = 0;
  }

  process(inputs) {
    for (const value of inputs[0]?.[0] || []) {
      const sample = Math.max(-1, Math.min(1, value));
      this.piece[this.filled++] = sample * 32767;
      this.power += sample * sample;
      if (this.filled === this.piece.length) this.hand();
    }
    return true;
  }

  hand() {
    const samples = this.piece.slice().buffer;
    this.port.postMessage({ samples, level: Math.sqrt(this.power / this.filled) }, [samples]);
    this.filled = 0;
    this.power = 0;
  }
}

registerProcessor("recorder", Recorder);
