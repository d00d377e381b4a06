// Django's boxes to choose from have no name: each gets that of its field.

function nameAll() {
  for (const box of document.querySelectorAll(".select2-selection")) {
    const select = box.closest(".select2").previousElementSibling;
    const cell = select.closest("td");
    const name = select.labels[0] ?? cell?.closest("table").tHead.rows[0].cells[cell.cellIndex];
    const chosen = box.firstElementChild;
    if (!name) continue;
    name.id ||= `${chosen.id}-name`;
    chosen.setAttribute("aria-labelledby", name.id);
    box.setAttribute("aria-labelledby", `${name.id} ${chosen.id}`);
  }
}

addEventListener("load", () => setTimeout(nameAll)); // after Django's
addEventListener("formset:added", () => setTimeout(nameAll));
