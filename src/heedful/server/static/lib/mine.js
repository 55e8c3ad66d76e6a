// Whose practice it is, only this browser knows: a key made by chance, which no page and no route ever lists.

import { ask } from "./api.js";

const KEY = "heedful.practice";

/** Ask the practice routes for something that belongs to this browser. */
export const mine = (path, body, options = {}) => {
  const headers = { "x-practise-key": practiceKey() };
  if (body !== undefined) headers["content-type"] = "application/json";
  const key = sessionStorage.getItem("heedful.key");
  if (key) headers.authorization = `Bearer ${key}`;
  return ask(`/v1/practise${path}`, body, { ...options, headers });
};

function practiceKey() {
  let key = localStorage.getItem(KEY);
  if (!key) {
    key = Array.from(crypto.getRandomValues(new Uint8Array(24)), (each) => each.toString(16).padStart(2, "0")).join("");
    localStorage.setItem(KEY, key);
  }
  return key;
}

/** Forget whose practice it was; the next question makes a new key. */
export function forgetKey() {
  localStorage.removeItem(KEY);
}
