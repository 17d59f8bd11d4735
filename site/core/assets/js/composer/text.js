// Changes to a box that Undo takes back.
export function replace(box, words, start = box.selectionStart, end = box.selectionEnd) {
  box.focus();
  box.setSelectionRange(start, end);
  if (!words && start === end) return;
  // the one way into the browser's own history of a box; where it is gone, the box changes all the same
  const done = words ? document.execCommand("insertText", false, words) : document.execCommand("delete");
  if (done) return;
  box.setRangeText(words, start, end, "end");
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

// Fills a translated sentence: "%s characters left".
export function fill(sentence, value) {
  return sentence.replace("%s", value);
}

// What a form would send now, for one of its place's own addresses. Files have a way of their own.
export function sent(form) {
  const data = new FormData(form);
  data.delete("files");
  data.set("place", form.dataset.place);
  return data;
}
