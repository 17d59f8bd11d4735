// "Quote" puts the words that are selected in that post into the box below, or the whole post where none are. Where the
// page has no box, the link leads to one.
import { replace } from "./text.js";

function selectedIn(post) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return "";
  const range = selection.getRangeAt(0);
  const words = post.querySelector(".prose");
  return words?.contains(range.commonAncestorContainer) ? selection.toString().trim() : "";
}

function plain(name) {
  return name.replace(/[\\`*_[\]<>&~|]/g, "\\$&");
}

function asQuote(words, author) {
  const lines = [`**${plain(author)}:**`, "", ...words.split("\n")];
  return `${lines.map((line) => `> ${line}`.trimEnd()).join("\n")}\n\n`;
}

async function whole(link) {
  const answer = await fetch(link.dataset.quote, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  return answer.text();
}

function put(box, quote) {
  const before = box.value.trimEnd();
  box.scrollIntoView({ block: "center" });
  replace(box, `${before ? "\n\n" : ""}${quote}`, before.length, box.value.length);
}

export function offerQuotes() {
  // the click on the link would take the selection away before it is asked for
  let chosen = "";
  document.addEventListener("pointerdown", (event) => {
    const link = event.target.closest("a[data-quote]");
    chosen = link ? selectedIn(link.closest("article")) : "";
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-quote]");
    const form = document.querySelector('[data-composer][data-place^="topic-"]');
    if (!link || !form || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const post = link.closest("article");
    const words = chosen || selectedIn(post);
    chosen = "";
    try {
      put(form.elements.body, words ? asQuote(words, link.dataset.author) : await whole(link));
    } catch {
      location.assign(link.href);
      return;
    }
    if (!form.elements.quoting.value) form.elements.quoting.value = post.id.replace("post-", "");
  });
}
