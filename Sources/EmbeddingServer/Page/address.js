// What the page shows, as the fragment of its address: #/search?text=a+dog&minus=red. So back works, and links.

/**
 * `view`: search, caption, map or add. The rest is the search: `text`, `plus` and `minus` words, the item `like` which,
 * the photo `upload` (a key of uploads.js), `group`, `kind`, how many (`k`), the share of the words beside a photo
 * (`balance`, 0 to 1), whether scores are corrected (`hubness`). `photo` is the item that is open.
 */
export const nothing = {
  view: "search", text: "", plus: [], minus: [], like: null, upload: null, group: null, kind: null, k: null,
  balance: 0.5, hubness: null, photo: null,
};

const views = ["search", "caption", "map", "add"];

/** The state that a fragment means; what makes no sense is left out. */
export function parse(fragment) {
  const [path, query = ""] = fragment.replace(/^#\/?/, "").split("?", 2);
  const values = new URLSearchParams(query);
  const balance = Number(values.get("balance") ?? nothing.balance);
  return {
    view: views.includes(path) ? path : nothing.view,
    text: values.get("text") ?? "",
    plus: values.getAll("plus"),
    minus: values.getAll("minus"),
    like: identifier(values.get("like")),
    upload: values.get("upload"),
    group: values.get("group"),
    kind: ["photo", "caption"].includes(values.get("kind")) ? values.get("kind") : null,
    k: identifier(values.get("k")),
    balance: balance >= 0 && balance <= 1 ? balance : nothing.balance,
    hubness: values.get("hubness") === "csls" ? "csls" : null,
    photo: identifier(values.get("photo")),
  };
}

/** The fragment of a state; what is as in `nothing` is left out. */
export function format(state) {
  const values = new URLSearchParams();
  for (const key of Object.keys(nothing)) {
    if (key === "view" || state[key] === nothing[key]) continue;
    for (const value of [state[key]].flat()) values.append(key, value);
  }
  const query = values.toString();
  return `#/${state.view}${query ? `?${query}` : ""}`;
}

/** Whether anything is searched for. */
export const asks = (state) =>
  state.text.trim() !== "" || state.plus.length > 0 || state.like !== null || state.upload !== null;

/** The same text for states that find the same. */
export const searchKey = (state) => format({ ...state, view: "search", photo: null, text: state.text.trim() });

function identifier(text) {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
