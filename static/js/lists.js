// Lists: a row opens its link, arrows walk the rows, “/” goes to the search.

const links = () => [...document.querySelectorAll("[data-row] .row-link")];
const search = document.getElementById("q");

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row || event.target.closest("a, button, input") || String(getSelection())) return;
  const link = row.querySelector(".row-link");
  if (event.ctrlKey || event.metaKey) open(link.href, "_blank", "noopener");
  else link.click();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target.matches("input, textarea, select");
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    search.select();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const rows = links();
  const at = rows.indexOf(event.target);
  if (!step || (at < 0 && event.target !== search)) return;
  const next = at + step;
  if (next < 0) search.focus();
  else rows[next]?.focus();
  event.preventDefault();
});

// What htmx brought is announced, and so is its failure.

const trouble = document.getElementById("trouble");

document.addEventListener("htmx:afterSwap", () => {
  if (!trouble) return;
  trouble.hidden = true;
  const said = document.querySelector("[data-hear]");
  document.getElementById("heard").textContent = said ? said.textContent : "";
});

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => {
    if (trouble) trouble.hidden = false;
  });
}
