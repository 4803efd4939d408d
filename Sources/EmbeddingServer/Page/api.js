// Requests to the server: the token, waiting while it is busy, and noticing that it is gone and back.

const tokenKey = "vse.token";
const longestWait = 10; // seconds
const patience = 5; // tries of one request while the server is busy

/** A failure that the server tells of. */
export class ServerError extends Error {
  constructor(status, { code = "internal", message = `The server answered ${status}.`, unknownWords = [] } = {}) {
    super(message);
    Object.assign(this, { status, code, unknownWords });
  }
}

/** No answer at all. */
export class ServerGone extends Error {}

/** Tells "lost", "back" and "busy" (detail: seconds). */
export const connection = new EventTarget();

export const token = () => sessionStorage.getItem(tokenKey);

/** Set by the page: asks the person for the token; its argument says whether one was refused. */
let askForToken = async (_refused) => { throw new ServerError(401, { code: "unauthorized" }); };
export const onTokenNeeded = (ask) => { askForToken = ask; };

/** A question that is asked once, however many requests wait for its answer. */
let asking = null;
function newToken(refused) {
  asking ??= askForToken(refused !== null)
    .then((given) => sessionStorage.setItem(tokenKey, given))
    .finally(() => { asking = null; });
  return asking;
}

/**
 * The JSON that the server answers, null where it answers nothing, with `as: "blob"` the bytes. `json` or `form` is
 * sent. Throws ServerError, ServerGone, and AbortError when `signal` is aborted.
 */
export async function request(path, { method, json, form, signal, as = "json" } = {}) {
  for (let attempt = 1; ; attempt++) {
    const used = token();
    const headers = used ? { Authorization: `Bearer ${used}` } : {};
    if (json) headers["Content-Type"] = "application/json";
    const response = await answer(path, {
      method: method ?? (json || form ? "POST" : "GET"), headers, signal, body: form ?? (json && JSON.stringify(json)),
    });
    if (response.status === 401) {
      if (token() === used) await newToken(used);
      signal?.throwIfAborted();
      continue;
    }
    if ((response.status === 503 || response.status === 429) && attempt < patience) {
      await waitWhileBusy(response, signal);
      continue;
    }
    if (!response.ok) throw new ServerError(response.status, await errorOf(response));
    return response.status === 204 ? null : as === "blob" ? await response.blob() : await response.json();
  }
}

async function answer(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    lost();
    throw new ServerGone("The server does not answer.");
  }
}

async function errorOf(response) {
  try {
    const { error } = await response.json();
    return { ...error };
  } catch {
    return {};
  }
}

async function waitWhileBusy(response, signal) {
  const seconds = Math.min(Number(response.headers.get("Retry-After")) || 1, longestWait);
  connection.dispatchEvent(new CustomEvent("busy", { detail: seconds }));
  await pause(seconds);
  signal?.throwIfAborted();
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

let isLost = false;

/** Asks for /health, ever more rarely, until the server answers. */
async function lost() {
  if (isLost) return;
  isLost = true;
  connection.dispatchEvent(new Event("lost"));
  for (let wait = 0.5; ; wait = Math.min(wait * 1.5, longestWait)) {
    await pause(wait);
    try {
      if ((await fetch("/health", { cache: "no-store" })).ok) break;
    } catch { /* still gone */ }
  }
  isLost = false;
  connection.dispatchEvent(new Event("back"));
}
