"use strict";
const $ = (id) => document.getElementById(id);
const make = (tag, properties, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};
const unpack = async (packed) => {
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
};

const SIGNS = { both: "◉", text: "●", official: "○" };
const SAID = {
  both: "linked by text and officially", text: "linked by the text only",
  official: "linked officially only", open: "officially linked to the goal as a whole",
  opentext: "linked by the text, officially to the goal as a whole", "": "not linked",
};
const SHOWN = 25;
let data, rows, current, selected, total;
const cells = new Map();
const buttons = [];

// What a cell says: official and text marks, and the paragraphs of the selection behind it.
const stateOf = (level, at) => {
  const official = data.levels[level].official[at];
  const text = data.levels[level].linked[at];
  if (official === 2) return text ? "opentext" : "open";
  if (official) return text ? "both" : "official";
  return text ? "text" : "";
};

const count = () => {
  const [doc, year, kind] = ["document", "year", "kind"].map((id) => $(id).value);
  selected = data.rows.filter((row) =>
    (doc === "" || row[0] === Number(doc)) &&
    (year === "" || data.documents[row[0]][1] === year) &&
    (kind === "" || row[1] === Number(kind)));
  const firstLine = data.lines[0][0];
  total = new Uint32Array(data.labels.length);
  rows = new Map();
  for (const row of selected) {
    const lines = row[3].filter((column) => column >= firstLine);
    for (const column of row[3]) {
      total[column] += 1;
      if (column >= firstLine) continue;
      for (const line of lines) {
        const key = line * data.labels.length + column;
        if (!rows.has(key)) rows.set(key, []);
        rows.get(key).push(row);
      }
    }
  }
};

const evidence = (line, column) => rows.get(line * data.labels.length + column) || [];
const expected = (line, column) => selected.length ? total[line] * total[column] / selected.length : 0;

const paint = (cell) => {
  const { node, level, at, line, column, goal } = cell;
  const found = evidence(line, column).length;
  const state = stateOf(level, at);
  const tint = Math.round(data.deepest * 100 * data.levels[level].shade[at]);
  node.style.background = `color-mix(in srgb, ${data.colours[goal][0]} ${tint}%, white)`;
  const highlight = $("highlight").value;
  const group = { both: "agree", text: "text", official: "official" }[state] || "";
  node.classList.toggle("dim", highlight !== "" && group !== highlight);
  const [code, title] = data.labels[column];
  node.setAttribute("aria-label",
    `${data.labels[line][0]}, ${level} ${code} ${title}: ${SAID[state]}, ` +
    `${found} ${found === 1 ? "paragraph" : "paragraphs"}`);
  node.replaceChildren(make("i", { className: `mark ${state}` }), make("b", {}, found ? String(found) : ""));
  if (level === "goal") node.append(make("span", { className: "codes" }, printed(line, goal)));
};

// The printed sheet names targets as the official table does, each with its mark.
const printed = (line, goal) => {
  const { first, count: width } = data.levels.target;
  const row = data.lines.findIndex((entry) => entry[0] === line);
  const codes = [];
  for (let column = first; column < first + width; column += 1) {
    if (data.labels[column][2] !== String(goal + 1)) continue;
    const state = stateOf("target", row * width + column - first).replace("opentext", "text");
    if (SIGNS[state]) codes.push(SIGNS[state] + data.labels[column][0]);
  }
  return codes.join(" ");
};

const addCell = (row, level, column, goal, before) => {
  const { first, count: width } = data.levels[level];
  const node = make("td", { tabIndex: -1, className: level === "target" ? "of-target" : "" });
  if (level === "target") node.dataset.goal = String(goal);
  node.setAttribute("aria-selected", "false");
  const cell = { node, level, column, goal, line: data.lines[row][0], row, at: row * width + column - first };
  node.addEventListener("click", () => { open(cell); });
  cells.set(node, cell);
  $("grid").tBodies[0].rows[row].insertBefore(node, before);
  paint(cell);
};

const build = () => {
  const head = make("tr", {}, make("td", { className: "corner" }));
  $("grid").append(make("thead", {}, head), make("tbody", {}));
  for (const [line, status] of data.lines) {
    const [code, title] = data.labels[line];
    const name = make("th", { scope: "row", title: status },
      make("div", {}, make("b", {}, code), make("span", {}, title)));
    $("grid").tBodies[0].append(make("tr", {}, name));
  }
  data.colours.forEach(([colour, ink], goal) => {
    const [code, title] = data.labels[goal];
    const button = make("button", { type: "button", tabIndex: -1 },
      make("span", { className: "title" }, title), make("span", { className: "number" }, code));
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-label", `Goal ${code} ${title}: targets`);
    button.addEventListener("click", () => toggle(goal, button.getAttribute("aria-expanded") !== "true"));
    const header = make("th", { scope: "col" }, button);
    header.style.background = colour;
    header.style.color = ink;
    head.append(header);
    buttons.push(button);
    data.lines.forEach((_, row) => addCell(row, "goal", goal, goal, null));
  });
  buttons[0].tabIndex = 0;
};

const toggle = (goal, opened) => {
  const head = $("grid").tHead.rows[0];
  const button = buttons[goal];
  if ((button.getAttribute("aria-expanded") === "true") === opened) return;
  button.setAttribute("aria-expanded", String(opened));
  if (!opened) {
    for (const node of $("grid").querySelectorAll(`[data-goal="${goal}"]`)) {
      if (node === current?.node) forget();
      cells.delete(node);
      node.remove();
    }
    if (!$("grid").querySelector('[tabindex="0"]')) rove(button);
    return;
  }
  const at = button.parentElement.cellIndex;
  const { first, count: width } = data.levels.target;
  const next = [...$("grid").rows].map((row) => row.cells[at + 1] || null);
  for (let column = first; column < first + width; column += 1) {
    const [code, title, parent] = data.labels[column];
    if (parent !== String(goal + 1)) continue;
    const target = make("th", { scope: "col", className: "target", title, tabIndex: -1 },
      make("div", {}, make("span", { className: "title" }, title.length > 44 ? `${title.slice(0, 43)}…` : title),
        make("span", { className: "number" }, code)));
    target.style.borderTopColor = data.colours[goal][0];
    target.dataset.goal = String(goal);
    head.insertBefore(target, next[0]);
    data.lines.forEach((_, row) => addCell(row, "target", column, goal, next[row + 1]));
  }
};

const fact = (list, term, text) => list.append(make("dt", {}, term), make("dd", {}, text));

const open = (cell) => {
  current?.node.setAttribute("aria-selected", "false");
  current = cell;
  cell.node.setAttribute("aria-selected", "true");
  rove(cell.node);
  show();
  $("panel-title").focus({ preventScroll: window.innerWidth > 1250 });
};

const forget = () => {
  current = undefined;
  $("panel-title").textContent = "Evidence";
  $("panel-body").replaceChildren(make("p", {}, "Choose a cell to read the paragraphs behind it."));
};

const show = () => {
  const { level, at, line, column, row } = current;
  const numbers = data.levels[level];
  const state = stateOf(level, at);
  const found = evidence(line, column);
  const score = (entry, label) => entry[4][entry[3].indexOf(label)];
  const order = [...found].sort((a, b) =>
    score(b, line) * score(b, column) - score(a, line) * score(a, column));
  const [lineCode, lineTitle] = data.labels[line];
  const [code, title] = data.labels[column];
  $("panel-title").textContent = `${lineCode} ${lineTitle} × ${level === "goal" ? "Goal " : ""}${code} ${title}`;
  const facts = make("dl", {});
  fact(facts, "Link", SAID[state]);
  if (level === "goal") fact(facts, "Targets", printed(line, column) || "none linked");
  fact(facts, "Official row", data.lines[row][1]);
  const chance = expected(line, column);
  fact(facts, "Paragraphs with both",
    `${found.length}, where chance would give ${chance.toFixed(1)}` +
    (chance > 0 ? ` (lift ${(found.length / chance).toFixed(1)})` : ""));
  fact(facts, "Soft count, all text", numbers.soft[at].toFixed(1));
  fact(facts, level === "goal" ? "Strength, all text, of goal or strongest target" : "Strength, all text",
    `${numbers.strength[at].toFixed(1)} (${numbers.low[at].toFixed(1)}–${numbers.high[at].toFixed(1)})`);
  fact(facts, "Test, all text", `q = ${numbers.q[at]}`);
  const list = make("ol", {});
  const more = make("button", { type: "button" });
  const add = () => {
    const begin = list.children.length;
    for (const entry of order.slice(begin, begin + SHOWN)) list.append(item(entry, line, column, score));
    more.hidden = list.children.length >= order.length;
    more.textContent = `Show more (${order.length - list.children.length})`;
    return list.children[begin];
  };
  more.addEventListener("click", () => { const first = add(); first.tabIndex = -1; first.focus(); });
  add();
  const none = order.length ? [] : [make("p", {}, "No paragraph of the selection carries both labels.")];
  $("panel-body").replaceChildren(facts, ...none, list, more);
  $("panel").scrollTop = 0;
};

const item = (entry, line, column, score) => {
  const [doc, kind, place] = entry;
  const [number, text] = place < 0 ? ["", ""] : data.texts[place];
  const where = `${data.documents[doc][0]}, ${data.kinds[kind]}${number ? ` ${number}` : ""}`;
  const scores = [line, column].map((label) => `${data.labels[label][0]} ${(score(entry, label) / 100).toFixed(2)}`);
  return make("li", {},
    make("div", { className: "where" }, make("span", {}, where), make("span", {}, scores.join(" · "))),
    make("p", {}, text || "The page holds the strongest paragraphs only; this one is left out."));
};

// One tab stop for the grid: arrows move it, as the ARIA grid pattern has it.
const stops = (row) => [...row.cells].slice(1).map((cell) => cell.querySelector("button") || cell);
const rove = (node) => {
  for (const old of $("grid").querySelectorAll('[tabindex="0"]')) old.tabIndex = -1;
  node.tabIndex = 0;
};
const move = (event) => {
  const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0], Home: [0, -999], End: [0, 999] };
  if (event.key === "Enter" || event.key === " ") {
    const cell = cells.get(event.target);
    if (cell) { event.preventDefault(); open(cell); }
    return;
  }
  const step = steps[event.key];
  if (!step) return;
  const table = [...$("grid").rows].map(stops);
  const y = table.findIndex((line) => line.includes(event.target));
  if (y < 0) return;
  const x = table[y].indexOf(event.target);
  const row = table[Math.min(Math.max(y + step[0], 0), table.length - 1)];
  const next = row[Math.min(Math.max(x + step[1], 0), row.length - 1)];
  event.preventDefault();
  rove(next);
  next.focus();
};

const refresh = () => {
  count();
  for (const cell of cells.values()) paint(cell);
  $("selection").textContent = selected.length === data.rows.length ? "" :
    `Numbers, expectation and evidence are those of ${selected.length} of ${data.rows.length} paragraphs; ` +
    "marks, strength and test those of all.";
  if (current) show();
};

const start = async () => {
  data = await unpack($("data").textContent);
  forget();
  data.documents.forEach(([name], value) => $("document").append(make("option", { value }, name)));
  [...new Set(data.documents.map(([, year]) => year))].filter(Boolean).sort()
    .forEach((year) => $("year").append(make("option", { value: year }, year)));
  data.kinds.forEach((kind, value) => $("kind").append(make("option", { value }, kind)));
  count();
  build();
  for (const id of ["document", "year", "kind", "highlight"]) $(id).addEventListener("change", refresh);
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  const all = (opened) => data.colours.forEach((_, goal) => toggle(goal, opened));
  $("open-all").addEventListener("click", () => all(true));
  $("close-all").addEventListener("click", () => all(false));
  $("print").addEventListener("click", () => window.print());
  $("grid").addEventListener("keydown", move);
  $("panel").addEventListener("keydown", (event) => {
    if (event.key === "Escape") current?.node.focus();
  });
  document.body.dataset.ready = "yes";
};
start();
