// Charts: the arrow keys walk along their values, Escape closes what a number means.

const moves = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

document.addEventListener("keydown", (event) => {
  const step = event.target.closest(".chart-step");
  const by = moves[event.key];
  if (!step || by === undefined) return;
  const all = [...step.closest("[data-steps]").querySelectorAll(".chart-step")];
  const next = all[Math.min(Math.max(all.indexOf(step) + by, 0), all.length - 1)];
  step.removeAttribute("tabindex");
  next.tabIndex = 0;
  next.focus();
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const title of document.querySelectorAll(".defined-title")) {
    if (title.matches(":focus, :hover")) title.closest(".defined").dataset.closed = "";
  }
});

for (const kind of ["pointerout", "focusout"]) {
  document.addEventListener(kind, (event) => {
    const defined = event.target.closest?.(".defined");
    if (defined && !defined.contains(event.relatedTarget)) delete defined.dataset.closed;
  });
}
