"use strict";
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const paragraphs = all("article").map((article) => ({
  article,
  text: find(".text", article).firstChild,
  words: find(".text", article).textContent.toLowerCase(),
  codes: new Set(article.dataset.codes.split(" ").filter(Boolean)),
}));
const sections = all("section.document");
const links = all(".documents a");
const search = find("#search");
const every = find("#every");
const tagged = find("#tagged");
const chosen = new Set();
const narrow = matchMedia("(max-width: 52rem)");

function ranges(pairs) {
  return pairs.map(([node, start, end]) => {
    const range = new Range();
    range.setStart(node, start);
    range.setEnd(node, end);
    return range;
  });
}

function mark(name, pairs) {
  // Highlights leave the text as it is, so that links and selections hold; older browsers do without.
  if ("highlights" in CSS) CSS.highlights.set(name, new Highlight(...ranges(pairs)));
}

function hits(paragraph, words) {
  const found = [];
  for (const word of words) {
    for (let at = paragraph.words.indexOf(word); at >= 0; at = paragraph.words.indexOf(word, at + word.length)) {
      if (at + word.length <= paragraph.text.length) found.push([paragraph.text, at, at + word.length]);
    }
  }
  return found;
}

function matches(paragraph, words) {
  if (tagged.checked && !paragraph.codes.size) return false;
  if (!words.every((word) => paragraph.words.includes(word))) return false;
  const codes = [...chosen];
  if (!codes.length) return true;
  return every.checked ? codes.every((c) => paragraph.codes.has(c)) : codes.some((c) => paragraph.codes.has(c));
}

function update() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const filtered = words.length > 0 || chosen.size > 0 || tagged.checked;
  const marked = [];
  let shown = 0;
  for (const paragraph of paragraphs) {
    const visible = matches(paragraph, words);
    paragraph.article.hidden = !visible;
    shown += visible;
    // A browser needs seconds to paint tens of thousands of marks; nobody looks at as many.
    if (visible && words.length && marked.length < 5000) marked.push(...hits(paragraph, words));
  }
  mark("search", marked);
  sections.forEach((section, place) => {
    const empty = filtered && !find("article:not([hidden])", section);
    section.hidden = empty;
    links[place].parentElement.classList.toggle("empty", empty);
    all("h3", section).forEach((heading) => { heading.hidden = filtered; });
  });
  for (const button of all(".label, .tag")) {
    const pressed = chosen.has(button.dataset.code);
    if (pressed || button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", pressed);
  }
  const labels = chosen.size ? `, with ${[...chosen].join(every.checked ? " and " : " or ")}` : "";
  find("#status").textContent = filtered
    ? `${shown.toLocaleString("en")} of ${paragraphs.length.toLocaleString("en")} paragraphs${labels}`
    : `${paragraphs.length.toLocaleString("en")} paragraphs`;
  find("#clear").hidden = !filtered;
  find("#nothing").hidden = shown > 0 || !filtered;
}

function clear() {
  search.value = "";
  tagged.checked = every.checked = false;
  chosen.clear();
  update();
}

function choose(code) {
  if (!chosen.delete(code)) chosen.add(code);
  update();
}

function toggleTheme() {
  const root = document.documentElement;
  const dark = (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  root.dataset.theme = dark ? "light" : "dark";
  showTheme();
}

function showTheme() {
  const theme = document.documentElement.dataset.theme;
  const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  find("#theme").setAttribute("aria-pressed", dark);
}

function step(items, way) {
  const visible = items.filter((item) => item.offsetParent !== null);
  if (!visible.length) return;
  const top = find(".bar").offsetHeight + 24;
  const here = visible.indexOf(document.activeElement.closest?.("article, section.document"));
  const ahead = visible.findIndex((item) => item.getBoundingClientRect().top > top);
  const from = here >= 0 ? here + way : way > 0 ? Math.max(ahead, 0) : (ahead < 0 ? visible.length : ahead) - 1;
  const next = visible[Math.min(Math.max(from, 0), visible.length - 1)];
  next.setAttribute("tabindex", "-1");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}

const tip = find("#tip");
function showTip(button) {
  tip.textContent = `${button.dataset.code} ${find(".name", button).textContent}: score ${button.dataset.score}`;
  const share = document.createElement("i");
  share.style.setProperty("--share", `${100 * button.dataset.score}%`);
  tip.append(share);
  tip.hidden = false;
  const box = button.getBoundingClientRect();
  const left = Math.min(box.left, innerWidth - tip.offsetWidth - 8);
  const above = box.top - tip.offsetHeight - 6;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${above > find(".bar").offsetHeight ? above : box.bottom + 6}px`;
  if (button.dataset.evidence) {
    const node = find(".text", button.closest("article")).firstChild;
    // Offsets count characters; JavaScript counts some of them twice.
    const characters = [...node.data];
    const units = (count) => characters.slice(0, count).join("").length;
    mark("evidence", JSON.parse(button.dataset.evidence).map(([start, end]) => [node, units(start), units(end)]));
  }
}

function hideTip() {
  tip.hidden = true;
  mark("evidence", []);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".label, .tag");
  if (button) choose(button.dataset.code);
  if (event.target.closest(".documents a") && narrow.matches) setSide(false);
});
for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  document.addEventListener(on, (event) => {
    const button = event.target.closest?.(".tag");
    if (button) showTip(button);
  });
  document.addEventListener(off, hideTip);
}

function setSide(open) {
  find("#side").classList.toggle("open", open);
  find("#side-toggle").setAttribute("aria-expanded", open);
}
find("#side-toggle").addEventListener("click", () => setSide(!find("#side").classList.contains("open")));
find("#theme").addEventListener("click", toggleTheme);
find("#keys").addEventListener("click", () => find("#help").showModal());
find("#clear").addEventListener("click", clear);
every.addEventListener("change", update);
tagged.addEventListener("change", update);
let waiting;
search.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(update, 120);
});

const keys = {
  "/": () => search.focus(),
  j: () => step(paragraphs.map((p) => p.article), 1),
  k: () => step(paragraphs.map((p) => p.article), -1),
  n: () => step(sections, 1),
  p: () => step(sections, -1),
  t: () => { tagged.checked = !tagged.checked; update(); },
  d: toggleTheme,
  "?": () => find("#help").showModal(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || find("#help").open) return;
  if (event.key === "Escape") {
    clear();
    document.activeElement.blur();
    return;
  }
  if (event.target.matches("input[type=search]") || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const link = links[sections.indexOf(entry.target)];
      if (entry.isIntersecting) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  },
  { rootMargin: "-20% 0px -70% 0px" },
);
sections.forEach((section) => watcher.observe(section));

showTheme();
update();
