// Photos that are dropped or pasted anywhere on the page, and its keys.

import { find } from "./elements.js";
import { photosOf } from "./uploads.js";

const invitations = { caption: "Drop the photo to caption it", add: "Drop the photos to add them" };

/** `take(photos)` is called with the photos among what is given; `view()` tells what is shown. */
export function start({ take, view }) {
  acceptDrops(take, view);
  addEventListener("paste", (event) => {
    const files = event.clipboardData?.files ?? [];
    if (files.length === 0) return;
    event.preventDefault();
    take(photosOf(files));
  });
  addEventListener("keydown", (event) => {
    const writes = event.target.closest?.("input, dialog");
    if (event.key !== "/" || writes || event.ctrlKey || event.metaKey || find("query").hidden) return;
    event.preventDefault();
    find("text").select();
  });
  find("skip").addEventListener("click", () => {
    const target = find(view() === "search" ? "results" : view());
    (target.querySelector("button, canvas, input") ?? find("text")).focus();
  });
}

function acceptDrops(take, view) {
  const invitation = find("drop");
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0; // Elements that the pointer has entered and not left.
  const enter = (step) => {
    depth = step === 0 ? 0 : depth + step;
    invitation.hidden = depth <= 0;
    invitation.firstElementChild.textContent = invitations[view()] ?? "Drop the photo to search with it";
  };
  addEventListener("dragenter", (event) => hasFiles(event) && enter(1));
  addEventListener("dragleave", (event) => hasFiles(event) && enter(-1));
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    enter(0);
    if (!find("viewer").open) take(photosOf(event.dataTransfer.files));
  });
}
