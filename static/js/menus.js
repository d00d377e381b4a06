// Popups close when one clicks elsewhere, presses Escape, or leaves them with the keyboard.

const openPopups = () => document.querySelectorAll("details.popup[open]");

document.addEventListener("click", (event) => {
  for (const popup of openPopups()) {
    if (!popup.contains(event.target)) popup.open = false;
  }
});

document.addEventListener("focusin", (event) => {
  for (const popup of openPopups()) {
    if (!popup.contains(event.target)) popup.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const popup of openPopups()) {
    popup.open = false;
    popup.querySelector("summary").focus();
  }
});
