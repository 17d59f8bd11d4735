// How much room is left, once it gets little: seen all the time, said at a few places only.
import { fill } from "./text.js";

const SHOWN_FROM = 0.8;
const SAID_AT = [1000, 100, 0];

export function count(form) {
  const place = form.querySelector("[data-count]");
  const said = form.querySelector("[data-said]");
  const boxes = [...form.querySelectorAll("[data-box] textarea")];
  const most = Number(form.dataset.most);
  let before = most;

  const show = () => {
    const long = boxes.reduce((sum, box) => sum + box.value.length, 0);
    const left = most - (long > most * SHOWN_FROM ? boxes.reduce((sum, box) => sum + [...box.value].length, 0) : long);
    place.hidden = left > most * (1 - SHOWN_FROM);
    const words = fill(left < 0 ? form.dataset.over : form.dataset.left, Math.abs(left).toLocaleString(document.documentElement.lang));
    place.textContent = words;
    place.classList.toggle("composer__count--over", left < 0);
    if (SAID_AT.some((step) => before > step && left <= step) || (before >= 0 && left < 0)) said.textContent = words;
    before = left;
  };

  form.addEventListener("input", show);
  show();
}
