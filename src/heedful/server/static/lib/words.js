// The words in which the page speaks of feelings: "sounds sad", never "is sad".

/** Label -> what follows "sounds". */
export const SOUNDS = {
  admiration: "full of admiration", amusement: "amused", anger: "angry", annoyance: "annoyed", approval: "approving",
  caring: "caring", confusion: "confused", curiosity: "curious", desire: "full of longing",
  disappointment: "disappointed", disapproval: "disapproving", disgust: "disgusted", embarrassment: "embarrassed",
  excitement: "excited", fear: "afraid", gratitude: "grateful", grief: "full of grief", joy: "glad", love: "loving",
  nervousness: "nervous", optimism: "hopeful", pride: "proud", realization: "struck by something",
  relief: "relieved", remorse: "sorry", sadness: "sad", surprise: "surprised", neutral: "matter-of-fact",
};

/** What a person may put in place of what was heard, most common first: label -> "I was ...". */
export const FELT = {
  sadness: "sad", fear: "afraid", anger: "angry", nervousness: "nervous", joy: "glad", grief: "grieving",
  annoyance: "annoyed", disappointment: "disappointed", remorse: "sorry", embarrassment: "embarrassed",
  confusion: "confused", relief: "relieved", gratitude: "grateful", optimism: "hopeful", pride: "proud",
  love: "loving", excitement: "excited", surprise: "surprised", disgust: "disgusted", caring: "caring",
  desire: "longing", admiration: "admiring", amusement: "amused", curiosity: "curious", neutral: "none of these",
};

/** Label -> the basic feeling whose color it has. */
const BASIC = {
  anger: "anger", annoyance: "anger", disapproval: "anger", disgust: "disgust", fear: "fear", nervousness: "fear",
  sadness: "sadness", grief: "sadness", disappointment: "sadness", remorse: "sadness", embarrassment: "sadness",
  surprise: "surprise", confusion: "surprise", curiosity: "surprise", realization: "surprise", neutral: "neutral",
};

export const SURE = 0.4;
export const MODALITIES = { text: "words", voice: "voice", face: "face", gesture: "gestures" };

export const color = (label) => `var(--${BASIC[label] || "joy"})`;

export function confidence(value) {
  if (value < SURE) return "not sure";
  if (value < 0.65) return "a guess";
  return value < 0.85 ? "fairly sure" : "quite sure";
}

/** The strongest label of a percept that is not neutral, if one was expressed. */
export function leading(percept) {
  return percept.expressed.find((label) => label !== "neutral") || strongest(percept.basic) || "neutral";
}

export function strongest(shares) {
  return Object.entries(shares).sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** Say how a message sounds, in one line. */
export function headline(percept) {
  if (percept.abstained) return "Not sure how this sounds";
  const told = percept.expressed.filter((label) => label !== "neutral").slice(0, 2);
  const sounds = (told.length ? told : [leading(percept)]).map((label) => SOUNDS[label] || label).join(" and ");
  return percept.confidence < SURE ? `Not sure, perhaps ${sounds}` : `Sounds ${sounds}`;
}

/** Say in words where a percept's modalities stand against each other, or return "". */
export function disagreement(percept) {
  const said = percept.readings.filter((each) => !each.abstained);
  if (said.length < 2 || percept.disagreement < 0.25) return "";
  const parts = said.map((each) => `your ${MODALITIES[each.modality]} ${each.modality === "text" || each.modality === "gesture" ? "sound" : "sounds"} ${SOUNDS[strongest(each.basic)]}`);
  return `They do not quite agree: ${parts.join(", ")}.`;
}

export const percent = (value) => `${Math.round(value * 100)} %`;
export const plain = (name) => name.replaceAll("_", " ");

/** What a conversation is called where one is chosen: those that nobody named by when they began. */
export function titled(found) {
  const name = /^live-\d{4}-\d\d-\d\d-\d{4}-/.test(found.name) ? when(found.first) : found.name;
  return `${name} · ${found.turns} ${found.turns === 1 ? "message" : "messages"}`;
}

export function when(moment) {
  return new Date(moment).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
