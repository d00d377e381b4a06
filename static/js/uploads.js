// Says of a file that it is too large before it is sent; without this, the server says so after it.

const input = document.querySelector("input[type=file][data-megabytes]");
const fault = document.getElementById("file_error");

function isTooLarge() {
  const [file] = input.files;
  return Boolean(file) && file.size > Number(input.dataset.megabytes) * 1024 * 1024;
}

function say() {
  const wrong = isTooLarge();
  fault.textContent = wrong ? input.dataset.tooLarge : "";
  fault.hidden = !wrong;
  return wrong;
}

input?.addEventListener("change", say);
input?.form.addEventListener("submit", (event) => {
  if (say()) event.preventDefault();
});
