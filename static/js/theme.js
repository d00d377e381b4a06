// The choice of colours takes effect at once; the server remembers it in a cookie.

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form.theme") || !event.submitter) return;
  event.preventDefault();
  const chosen = event.submitter;
  document.documentElement.dataset.theme = chosen.value;
  for (const button of form.querySelectorAll("[name=theme]")) {
    button.setAttribute("aria-pressed", String(button === chosen));
  }
  const said = new FormData(form);
  said.set("theme", chosen.value);
  await fetch(form.action, { method: "POST", body: said });
});
