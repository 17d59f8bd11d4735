// The composer: loaded only where somebody writes. Without it the form's own buttons do the same.
import "./composer/toolbar.js";
import { count } from "./composer/counter.js";
import { keepDraft } from "./composer/draft.js";
import { offerFiles } from "./composer/files.js";
import { offerNames } from "./composer/names.js";
import { offerPreview } from "./composer/preview.js";
import { offerQuotes } from "./composer/quotes.js";
import { waitAtSubmit } from "./composer/waiting.js";

const ready = new WeakSet();

function enhance(form) {
  if (ready.has(form)) return;
  ready.add(form);
  for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
  count(form);
  waitAtSubmit(form);
  keepDraft(form);
  offerFiles(form);
  offerNames(form);
  offerPreview(form);
}

function enhanceAll() {
  document.querySelectorAll("[data-composer]").forEach(enhance);
}

enhanceAll();
offerQuotes();
document.addEventListener("htmx:load", enhanceAll);
