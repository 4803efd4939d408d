// What the person sees of the server: that it is gone, busy, or wants a token.

import { connection, onTokenNeeded } from "./api.js";
import { announce, count, find } from "./elements.js";

/** `onBack()` is called when the server answers again; the banner stays until it is done. */
export function start(onBack) {
  const banner = find("banner");
  connection.addEventListener("lost", () => {
    banner.hidden = false;
    banner.textContent = "The server does not answer. Trying again…";
  });
  connection.addEventListener("back", async () => {
    await onBack();
    banner.hidden = true;
  });
  connection.addEventListener("busy", ({ detail: seconds }) => {
    announce(`The server is busy. Trying again in ${count(seconds, "second")}…`);
  });
  onTokenNeeded(askForToken);
}

/** Asks in a dialog that stays until a token is given. */
function askForToken(refused) {
  const dialog = find("token");
  const form = dialog.querySelector("form");
  if (refused) find("token-note").textContent = "The server does not take this token.";
  dialog.oncancel = (event) => event.preventDefault();
  dialog.showModal();
  return new Promise((resolve) => {
    form.onsubmit = () => {
      resolve(form.elements.token.value.trim());
      form.reset();
    };
  });
}
