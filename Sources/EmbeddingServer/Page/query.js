// The search field: words, chips for words added and taken away, and a photo.

import { asks } from "./address.js";
import { photosOf, keep, upload } from "./uploads.js";
import { button, element, find, foreign } from "./elements.js";
import { tilePicture } from "./photos.js";

const text = find("text");
const chips = find("chips");
const signs = { plus: "+", minus: "−" };
const verbs = { plus: "added", minus: "taken away" };

let state;
let change = () => {};

/** `onChange(patch, { typing })` is called with what the person changed. */
export function start(onChange) {
  change = onChange;
  text.addEventListener("input", typed);
  text.addEventListener("keydown", keyInText);
  find("query").addEventListener("submit", (event) => {
    event.preventDefault();
    change(withWords(text.value, true));
  });
  for (const sign of ["plus", "minus"]) {
    find(`add-${sign}`).addEventListener("click", () => openEditor(sign));
  }
  find("choose").addEventListener("click", () => find("file").click());
  find("file").addEventListener("change", ({ target }) => {
    searchWith(photosOf(target.files)[0]);
    target.value = "";
  });
  find("balance").firstElementChild.addEventListener("input", ({ target }) => {
    change({ balance: Number(target.value) }, { typing: true });
  });
  find("hubs").firstElementChild.addEventListener("change", ({ target }) => {
    change({ hubness: target.checked ? "csls" : null, k: null });
  });
  find("kinds").addEventListener("change", ({ target }) => change({ kind: target.value, k: null }));
}

/** Shows what a state asks, without touching what is being typed. */
export function show(newState, info) {
  state = newState;
  if (text.value.trim() !== state.text.trim()) text.value = state.text;
  showChips();
  const hasPhoto = state.like !== null || state.upload !== null;
  text.placeholder = hasPhoto ? "Describe what should differ" : "Describe a photo";
  find("choose").hidden = !info.features.includes("image");
  find("balance").hidden = !hasPhoto || (state.text.trim() === "" && state.plus.length + state.minus.length === 0);
  find("balance").querySelector("input").value = state.balance;
  // Items of each kind are measured on those of the other.
  find("hubs").hidden = !asks(state) || info.photos === 0 || info.captions === 0;
  find("hubs").firstElementChild.checked = state.hubness !== null;
  find("kinds").hidden = state.view === "map" || info.photos === 0 || info.captions === 0;
  for (const radio of find("kinds").querySelectorAll("input")) radio.checked = radio.value === (state.kind ?? "photo");
}

/** Searches with a photo that was chosen, dropped or pasted. */
export function searchWith(file) {
  if (file) change({ upload: keep(file), like: null, k: null });
}

function typed() {
  change(withWords(text.value, false), { typing: true });
}

/** Words like +red and -blue leave the text and become chips, the last one only once it is `finished`. */
function withWords(value, finished) {
  const found = { plus: [], minus: [] };
  const end = finished ? "(?=\\s|$)" : "(?=\\s)";
  const signed = new RegExp(`(^|\\s)([+\\-−])(?:"([^"]+)"|([^\\s"+\\-−][^\\s"]*))${end}`, "g");
  const rest = value.replace(signed, (_, before, sign, quoted, word) => {
    found[sign === "+" ? "plus" : "minus"].push(quoted ?? word);
    return before;
  });
  if (found.plus.length + found.minus.length > 0) text.value = rest.replace(/\s+/g, " ").trimStart();
  return {
    text: text.value.trim(), k: null,
    plus: [...new Set([...state.plus, ...found.plus])], minus: [...new Set([...state.minus, ...found.minus])],
  };
}

function keyInText(event) {
  const last = chips.lastElementChild;
  if (event.key === "Backspace" && text.value === "" && last) {
    event.preventDefault();
    last.querySelector("button").click();
  } else if (event.key === "ArrowLeft" && text.selectionEnd === 0 && last) {
    event.preventDefault();
    last.querySelector("button").focus();
  }
}

// Chips

function showChips() {
  const items = [];
  if (state.upload !== null) items.push(uploadChip());
  if (state.like !== null) {
    items.push(chip("photo", ["like this"], "the photo", { like: null }, tilePicture({ id: state.like }, "")));
  }
  for (const sign of ["plus", "minus"]) {
    for (const word of state[sign]) {
      const rest = { [sign]: state[sign].filter((other) => other !== word) };
      items.push(chip(sign, [`${signs[sign]} `, foreign(word)], `${word}, ${verbs[sign]}`, rest));
    }
  }
  if (state.group !== null) {
    items.push(chip("group", ["in ", foreign(state.group)], `the group ${state.group}`, { group: null }));
  }

  // Chips that stay are left alone, so that no picture is loaded again.
  const old = new Map([...chips.children].map((item) => [item.dataset.key, item]));
  chips.replaceChildren(...items.map((item) => old.get(item.dataset.key) ?? item));
}

function uploadChip() {
  const photo = upload(state.upload);
  const picture = photo && element("img", { src: photo.url, alt: "", width: 36, height: 36 });
  if (picture) picture.dataset.state = "shown";
  return chip("photo", [photo ? foreign(photo.name) : "a photo of before"], "the photo", { upload: null }, picture);
}

function chip(kind, shown, spoken, without, picture) {
  const remove = button({ icon: "close", label: `Remove ${spoken}`, onclick: () => removeChip(item, without) });
  const item = element("li", { class: `chip ${kind}` }, picture, element("span", {}, ...shown), remove);
  item.dataset.key = `${kind} ${spoken} ${JSON.stringify(without)} ${state.upload ?? ""} ${state.like ?? ""}`;
  item.addEventListener("keydown", (event) => {
    const buttons = [...chips.querySelectorAll("button")];
    const at = buttons.indexOf(remove);
    if (event.key === "Delete" || event.key === "Backspace") remove.click();
    else if (event.key === "ArrowLeft") buttons[at - 1]?.focus();
    else if (event.key === "ArrowRight") (buttons[at + 1] ?? text).focus();
    else return;
    event.preventDefault();
  });
  return item;
}

function removeChip(item, without) {
  const hadFocus = item.contains(document.activeElement);
  const at = [...chips.children].indexOf(item);
  change({ ...without, k: null });
  if (hadFocus) (chips.children[at] ?? chips.lastElementChild)?.querySelector("button").focus();
  if (hadFocus && chips.children.length === 0) text.focus();
}

/** A small field in place of the button: return adds the words, escape leaves. */
function openEditor(sign) {
  const opener = find(`add-${sign}`);
  const field = element("input", {
    class: `editor ${sign}`, maxlength: 200, autocapitalize: "none", spellcheck: "false", enterkeyhint: "done",
    "aria-label": sign === "plus" ? "Words to add" : "Words to take away",
    placeholder: sign === "plus" ? "more of, such as red" : "less of, such as blue",
  });
  let closed = false;
  const close = (focus) => {
    if (closed) return; // Removing a field takes the focus from it.
    closed = true;
    const words = field.value.trim();
    field.remove();
    opener.hidden = false;
    if (focus) focus.focus();
    if (words) change({ [sign]: [...new Set([...state[sign], words])], k: null });
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      close(opener);
    } else if (event.key === "Escape") {
      event.preventDefault();
      field.value = "";
      close(opener);
    }
  });
  field.addEventListener("blur", () => close(null));
  opener.before(field);
  opener.hidden = true;
  field.focus();
}
