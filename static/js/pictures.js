// A product's picture that cannot be had leaves its place empty.

const hide = (picture) => { picture.hidden = true; };

for (const picture of document.images) {
  if (picture.complete && !picture.naturalWidth) hide(picture);
}

document.addEventListener("error", (event) => {
  if (event.target instanceof HTMLImageElement) hide(event.target);
}, true);
