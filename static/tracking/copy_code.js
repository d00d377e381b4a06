// A comfort: where scripts run, a discount code can be copied with one tap.
for (const button of document.querySelectorAll("[data-copy-code]")) {
  const label = button.textContent;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copyCode);
    button.textContent = button.dataset.done;
    setTimeout(() => (button.textContent = label), 2000);
  });
}
