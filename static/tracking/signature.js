// A signature may be drawn as well as typed: the drawing goes along with the form.

const room = document.getElementById("drawing");
const canvas = room.querySelector("canvas");
const kept = document.getElementById("id_drawing");
const pen = canvas.getContext("2d");
let isDrawing = false;

const place = (event) => {
  const box = canvas.getBoundingClientRect();
  const scale = canvas.width / box.width;
  return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
};

const clear = () => {
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  kept.value = "";
};

pen.lineWidth = 3;
pen.lineCap = pen.lineJoin = "round";
pen.strokeStyle = "#16181d";
clear();
room.hidden = false;

canvas.addEventListener("pointerdown", (event) => {
  isDrawing = true;
  canvas.setPointerCapture(event.pointerId);
  pen.beginPath();
  pen.moveTo(...place(event));
});

canvas.addEventListener("pointermove", (event) => {
  if (!isDrawing) return;
  pen.lineTo(...place(event));
  pen.stroke();
});

canvas.addEventListener("pointerup", () => {
  isDrawing = false;
  kept.value = canvas.toDataURL("image/png");
});

document.getElementById("drawing-clear").addEventListener("click", clear);
