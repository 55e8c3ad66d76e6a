// Read replies aloud with the browser's own voice, at a rate and pitch that fit the plan's tone.

const MANNER = {
  gentle: { rate: 0.88, pitch: 0.95 },
  calm: { rate: 0.92, pitch: 0.9 },
  warm: { rate: 0.96, pitch: 1 },
  plain: { rate: 1, pitch: 1 },
  bright: { rate: 1.06, pitch: 1.12 },
};

export const canSpeak = "speechSynthesis" in globalThis;

/** How a reply of a plan is read: slower and lower where it hurts, brighter where there is something to celebrate. */
export function manner(plan) {
  return MANNER[plan.tone] || MANNER.plain;
}

export function speak(text, plan) {
  if (!canSpeak) return;
  const utterance = new SpeechSynthesisUtterance(text);
  Object.assign(utterance, manner(plan));
  // Only voices of this device: others send the text elsewhere.
  const voice = speechSynthesis.getVoices().find((each) => each.localService && each.lang.startsWith(document.documentElement.lang));
  if (voice) utterance.voice = voice;
  speechSynthesis.cancel();
  speechSynthesis.speak(utterance);
}

export function hush() {
  if (canSpeak) speechSynthesis.cancel();
}
