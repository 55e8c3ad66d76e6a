// Ask the server. A key, where one is needed, lives as long as the tab.

const KEY = "heedful.key";

/** What the server said was wrong, in its own words. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export function key() {
  return sessionStorage.getItem(KEY) || "";
}

export function keepKey(value) {
  sessionStorage.setItem(KEY, value);
}

/** Ask for JSON: ask("/v1/perceive", { text }) posts, ask("/v1/models") gets, { method: "DELETE" } as third deletes. */
export async function ask(path, body, options = {}) {
  const headers = {};
  if (body !== undefined) headers["content-type"] = "application/json";
  if (key()) headers.authorization = `Bearer ${key()}`;
  let response;
  try {
    response = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      body: body === undefined ? undefined : JSON.stringify(body),
      headers,
      ...options,
    });
  } catch {
    throw new Problem(0, "The server cannot be reached. Is it still running?");
  }
  if (!response.ok) {
    const told = await response.json().catch(() => ({}));
    throw new Problem(response.status, told.detail || `The server answered ${response.status}.`);
  }
  return response.status === 204 ? null : response.json();
}
