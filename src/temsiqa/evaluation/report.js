
"use strict";

// The page is whole without this. It adds sorting, filtering and opening everything at once.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function valueOf(row, column) {
  const cell = row.cells[column];
  const text = cell.dataset.value ?? cell.textContent.trim();
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

// Numbers before words, what is missing at the end whichever way it goes.
function order(one, other, way) {
  if (one === "" || other === "") return (one === "") - (other === "");
  if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
  return way * (typeof one === "number" ? one - other : one.localeCompare(other));
}

function sort(header) {
  const head = header.parentElement;
  const body = head.closest("table").tBodies[0];
  const column = [...head.cells].indexOf(header);
  const way = header.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const cell of head.cells) cell.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", way === 1 ? "ascending" : "descending");
  body.append(...[...body.rows].sort((a, b) => order(valueOf(a, column), valueOf(b, column), way)));
}

for (const header of all("table.sortable thead th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...header.childNodes);
  button.addEventListener("click", () => sort(header));
  header.append(button);
}

const bar = document.querySelector(".filter");
const items = all(".item");
const words = document.getElementById("filter-text");
const slice = document.getElementById("filter-slice");

function filter() {
  const wanted = words.value.trim().toLowerCase();
  const fits = (item) =>
    item.textContent.toLowerCase().includes(wanted) &&
    (!slice.value || JSON.parse(item.dataset.slices).includes(JSON.parse(slice.value)));
  for (const item of items) item.hidden = !fits(item);
  const left = items.filter((item) => !item.hidden).length;
  document.getElementById("filter-status").textContent = `${left} of ${items.length} items are shown`;
}

words.addEventListener("input", filter);
slice.addEventListener("change", filter);
document.getElementById("open-all").addEventListener("click", () => items.forEach((item) => (item.open = true)));
document.getElementById("close-all").addEventListener("click", () => items.forEach((item) => (item.open = false)));
bar.hidden = false;

// Paper cannot be opened: everything is, and is closed again afterwards.
let closed = [];
addEventListener("beforeprint", () => {
  closed = all("details:not([open])");
  for (const one of closed) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of closed) one.open = false;
});
