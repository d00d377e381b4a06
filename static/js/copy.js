// Buttons that copy a text; without scripts they stay hidden.

const SHOWN_FOR = 1500;

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const done = button.querySelector(".copy-done");
  done.textContent = done.dataset.done;
  setTimeout(() => { done.textContent = ""; }, SHOWN_FOR);
});
