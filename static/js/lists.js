// Lists: a row opens its link, arrows or j and k walk the rows, x ticks one.

const links = () => [...document.querySelectorAll("[data-row] .row-link")];
const search = document.getElementById("q");
const STEPS = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row || event.target.closest("a, button, input") || String(getSelection())) return;
  const link = row.querySelector(".row-link");
  if (event.ctrlKey || event.metaKey) open(link.href, "_blank", "noopener");
  else link.click();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target.matches("input:not([type=checkbox]), textarea, select");
  const isArrow = event.key.startsWith("Arrow");
  const row = event.target.closest("[data-row]");
  if (event.key === "x" && row && !isTyping) row.querySelector(".tick")?.click();
  const step = STEPS[event.key];
  const rows = links();
  const at = row ? rows.indexOf(row.querySelector(".row-link")) : -1;
  const isWalking = isArrow ? at >= 0 || event.target === search : !isTyping;
  if (!step || !isWalking || event.target.closest("dialog")) return;
  const next = Math.max(at + step, -1);
  if (next < 0) search?.focus();
  else rows[next]?.focus();
  event.preventDefault();
});

// What htmx brought is announced, and so is its failure, where a page has a place for it.

const tellTrouble = (event, isThere) => {
  const trouble = document.getElementById("trouble");
  const isFound = event.detail.target?.id === "found"; // the search box says it itself
  if (trouble && !isFound) trouble.hidden = !isThere;
};

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "found") return;
  tellTrouble(event, false);
  const said = document.querySelector("[data-hear]");
  const heard = document.getElementById("heard");
  if (heard) heard.textContent = said ? said.textContent : "";
});

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => tellTrouble(event, true));
}
