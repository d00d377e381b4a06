// The one search box: what is found is walked with the arrows, opened with Enter, closed with Escape.

const box = document.getElementById("find-text");
const found = document.getElementById("found");
const heard = document.getElementById("found-heard");
const options = () => [...found.querySelectorAll("[role=option]")];
const chosen = () => found.querySelector("[aria-selected=true]");

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
}

function show(isOpen) {
  found.hidden = !isOpen;
  box.setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) choose(null);
}

function walk(step) {
  const all = options();
  if (found.hidden) show(all.length > 0);
  const at = all.indexOf(chosen());
  choose(all[at < 0 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length]);
}

box.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options().length) {
    event.preventDefault();
    walk(step);
  } else if (event.key === "Enter" && chosen()) {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) open(chosen().href, "_blank", "noopener");
    else chosen().click();
  } else if (event.key === "Escape") {
    if (found.hidden) box.blur();
    else show(false);
    event.preventDefault();
  }
});

box.addEventListener("input", () => {
  choose(null);
  if (!box.value.trim()) show(false);
});

box.addEventListener("focus", () => show(Boolean(box.value.trim()) && options().length > 0));

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== found) return;
  const isOpen = document.activeElement === box && options().length > 0 && box.value.trim() !== "";
  show(isOpen);
  heard.textContent = isOpen ? document.getElementById("found-said").content.textContent : "";
});

// Not on focusout alone: a press of the mouse takes the focus before the click arrives.
document.addEventListener("click", (event) => {
  if (!box.form.contains(event.target)) show(false);
});
document.addEventListener("focusin", (event) => {
  if (!box.form.contains(event.target)) show(false);
});

// The keys that work everywhere but where one types.

const help = document.querySelector("a[data-shortcuts]"); // in the menu

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, dialog")) return;
  if (event.key === "/") box.select();
  else if (event.key === "?") help.click();
  else return;
  event.preventDefault();
});
