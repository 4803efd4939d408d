// Making elements. Texts from the server become text nodes, never markup.

/** Invisible characters that turn the direction of the text around them, such as U+202E. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g;

/** A text from elsewhere (names, captions, groups, messages) for attributes and titles. */
export const plain = (text) => text.replace(turning, "");

/** A text from elsewhere among others: whatever its direction, it ends with it. */
export const foreign = (text) => element("bdi", {}, plain(text));

/** The element of the page with this identifier. */
export const find = (id) => document.getElementById(id);

/**
 * A new element. Attributes: `onclick` and the like are listeners; true is an attribute without a value; false, null
 * and undefined are left out. Children are nodes or texts.
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** One of the drawings at the end of index.html. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** A button with a text or an element; with `icon` and without `text` its label is for screen readers and a tooltip. */
export function button({ text, label, icon: drawing, class: className, onclick }) {
  const name = label && plain(label);
  return element(
    "button", { type: "button", class: className, "aria-label": name, title: text ? null : name, onclick },
    drawing ? icon(drawing) : null, text);
}

/** "1 photo", "1,000 photos". */
export function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** A score as it is shown everywhere. */
export const scoreText = (score) => score.toFixed(2).replace("-", "−");

/** Says texts and elements to screen readers, and shows them above the results. */
export function announce(...parts) {
  const status = find("status");
  const text = parts.map((part) => part.textContent ?? part).join("");
  if (status.textContent !== text) status.replaceChildren(...parts);
}

/** Whether the person wants no movement. */
export const prefersStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
