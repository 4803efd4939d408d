// Asking the server for what the state searches.

import { request } from "./api.js";
import { count } from "./elements.js";
import { sent, upload } from "./uploads.js";

/**
 * What a search finds: `{ hits: [{ item, score }], status, notes, more }`; `more` is how many to ask for next, or null.
 * The answer of a search that only knows unknown words is an error of the server's.
 */
export async function find(state, info, pageSize, signal) {
  const most = info.limits.resultCount;
  const k = Math.min(state.k ?? pageSize, most);
  const answer = await request("/api/search", { ...(await body(state, k)), signal });
  const { hits } = answer;
  return {
    hits,
    status: `${count(hits.length, hits[0]?.item.kind ?? state.kind ?? "photo")} found`,
    notes: notesOf(answer),
    more: hits.length === k && k < most ? Math.min(2 * k, most) : null,
  };
}

/** The photos of the index, or its captions where it has none, in its own order. */
export async function browse(state, info, pageSize, signal) {
  const kind = state.kind ?? (info.photos > 0 ? "photo" : "caption");
  const limit = Math.min(state.k ?? pageSize, 1000);
  const values = new URLSearchParams({ kind, limit });
  if (state.group !== null) values.set("group", state.group);
  // URLSearchParams writes a space as "+", which is a plus to who reads the address by its own rules.
  const parameters = values.toString().replaceAll("+", "%20");
  const { items, total } = await request(`/api/items?${parameters}`, { signal });
  const part = items.length < total ? `${items.length.toLocaleString("en")} of ` : "";
  return {
    hits: items.map((item) => ({ item })),
    status: total === 0 ? "" : part + count(total, kind),
    notes: [],
    more: items.length < Math.min(total, 1000) ? Math.min(limit + 2 * pageSize, 1000) : null,
  };
}

/** A few sentences of the index to try. */
export async function suggestions(info) {
  if (info.captions === 0) return [];
  // The captions of one photo often stand together.
  const offset = Math.floor(Math.random() * Math.max(1, info.captions - 40));
  const { items } = await request(`/api/items?${new URLSearchParams({ kind: "caption", offset, limit: 40 })}`);
  return items.map(({ name }) => name).filter((text, at) => at % 6 === 0 && text.length <= 48).slice(0, 2);
}

/** What changes when all words are written in lower case. */
export const lowercased = ({ text, plus, minus }) => {
  const lower = (word) => word.toLowerCase();
  return { text: lower(text), plus: plus.map(lower), minus: minus.map(lower) };
};

async function body(state, k) {
  const json = { k };
  if (state.text.trim()) json.text = state.text.trim();
  for (const sign of ["plus", "minus"]) if (state[sign].length > 0) json[sign] = state[sign];
  if (state.like !== null) json.item = state.like;
  if (state.kind !== null) json.kind = state.kind;
  if (state.group !== null) json.group = state.group;
  if (state.hubness !== null) json.hubness = state.hubness;
  const hasPhoto = state.like !== null || state.upload !== null;
  if (hasPhoto && state.balance !== 0.5) json.weights = weights(state);
  if (state.upload === null) return { json };
  const photo = upload(state.upload);
  if (!photo) throw new Error("The photo of this search was given to another page. Give it again, or take it away.");
  const form = new FormData();
  form.append("request", JSON.stringify(json));
  form.append("image", await sent(state.upload), photo.name);
  return { form };
}

/** The parts' weights: 1 each in the middle, up to 2 and 0 at the ends. */
function weights({ text, plus, minus, like, upload: photo, balance }) {
  const words = 2 * balance;
  const made = {};
  if (text.trim()) made.text = words;
  if (plus.length > 0) made.plus = plus.map(() => words);
  if (minus.length > 0) made.minus = minus.map(() => words);
  if (like !== null) made.item = 2 - words;
  if (photo !== null) made.image = 2 - words;
  return made;
}

function notesOf({ query, hits, fitsNothing, damagedItems }) {
  const notes = [];
  const unknown = query?.unknownWords ?? [];
  if (unknown.length > 0) {
    notes.push({ text: `The model does not know the word${unknown.length > 1 ? "s" : ""}`, words: unknown });
  }
  // The best hit is no further from the others than the best of so many unrelated items would be.
  if (fitsNothing && hits.length > 0) {
    notes.push({ text: "Nothing stands out: maybe nothing fits, or a great deal does.", mild: true });
  }
  if (damagedItems > 0) {
    notes.push({ text: `${count(damagedItems, "item")} of the index cannot be read: run vse index verify.` });
  }
  return notes;
}
