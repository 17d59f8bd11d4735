// <markdown-toolbar for="id of a box">: buttons that write Markdown, one stop of the Tab key, arrow keys inside.
import { replace } from "./text.js";

const MARKS = { bold: "**", italic: "*", code: "`" };
const STARTS = { quote: () => "> ", list: () => "- ", numbers: (number) => `${number}. ` };
const STARTED = { quote: /^> ?/, list: /^[-*+] /, numbers: /^\d+[.)] / };
const CODES = { ".": "Period", 7: "Digit7", 8: "Digit8" };
const ON_MAC = /Mac|iP(hone|ad)/.test(navigator.platform);

function mark(box, sign) {
  const { value, selectionStart: start, selectionEnd: end } = box;
  const chosen = value.slice(start, end);
  const [before, words, after] = chosen.match(/^(\s*)([\s\S]*?)(\s*)$/).slice(1);
  const size = sign.length;
  if (words.length >= 2 * size && words.startsWith(sign) && words.endsWith(sign)) {
    const bare = words.slice(size, -size);
    replace(box, before + bare + after, start, end);
    box.setSelectionRange(start + before.length, start + before.length + bare.length);
  } else if (words && value.slice(start - size, start) === sign && value.slice(end, end + size) === sign) {
    replace(box, chosen, start - size, end + size);
    box.setSelectionRange(start - size, end - size);
  } else {
    replace(box, before + sign + words + sign + after, start, end);
    const from = start + before.length + size;
    box.setSelectionRange(from, from + words.length);
  }
}

function fence(box) {
  const { value, selectionStart: start, selectionEnd: end } = box;
  const words = value.slice(start, end).replace(/\n$/, "");
  const lead = start && value[start - 1] !== "\n" ? "\n" : "";
  replace(box, `${lead}\`\`\`\n${words}\n\`\`\`\n`, start, end);
  box.setSelectionRange(start + lead.length + 4, start + lead.length + 4 + words.length);
}

function lines(box, kind) {
  const { value, selectionStart, selectionEnd } = box;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const next = value.indexOf("\n", Math.max(selectionEnd - (selectionEnd > selectionStart ? 1 : 0), start));
  const end = next < 0 ? value.length : next;
  const old = value.slice(start, end).split("\n");
  const isOn = old.every((line) => STARTED[kind].test(line));
  const now = old.map((line, index) => (isOn ? line.replace(STARTED[kind], "") : STARTS[kind](index + 1) + line)).join("\n");
  replace(box, now, start, end);
  if (selectionStart === selectionEnd) box.setSelectionRange(start + now.length, start + now.length);
  else box.setSelectionRange(start, start + now.length);
}

function link(box, button) {
  const { value, selectionStart: start, selectionEnd: end } = box;
  const chosen = value.slice(start, end);
  const isAddress = /^https?:\/\/\S+$/i.test(chosen);
  const words = isAddress ? button.dataset.words : chosen || button.dataset.words;
  const address = isAddress ? chosen : button.dataset.address;
  replace(box, `[${words}](${address})`, start, end);
  const from = isAddress || !chosen ? start + 1 : start + words.length + 3;
  box.setSelectionRange(from, from + (isAddress || !chosen ? words : address).length);
}

function write(box, button) {
  const kind = button.dataset.md;
  if (kind === "link") link(box, button);
  else if (kind === "code" && box.value.slice(box.selectionStart, box.selectionEnd).includes("\n")) fence(box);
  else if (kind in MARKS) mark(box, MARKS[kind]);
  else lines(box, kind);
}

class MarkdownToolbar extends HTMLElement {
  connectedCallback() {
    this.box = document.getElementById(this.getAttribute("for"));
    if (!this.box || !this.hidden) return;
    this.buttons = [...this.querySelectorAll("button[data-md]")];
    for (const button of this.buttons) {
      const { key, shift } = button.dataset;
      const parts = [ON_MAC ? "Meta" : "Control", ...(shift === undefined ? [] : ["Shift"]), key.toUpperCase()];
      button.setAttribute("aria-keyshortcuts", parts.join("+"));
      button.title = `${button.title} (${parts.join("+").replace("Control", "Ctrl").replace("Meta", "⌘")})`;
    }
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-md]");
      if (button) write(this.box, button);
    });
    this.addEventListener("keydown", (event) => this.move(event));
    this.box.addEventListener("keydown", (event) => this.shorten(event));
    this.hidden = false;
  }

  move(event) {
    const at = this.buttons.indexOf(document.activeElement);
    const last = this.buttons.length - 1;
    const steps = { ArrowRight: at < last ? at + 1 : 0, ArrowLeft: at > 0 ? at - 1 : last, Home: 0, End: last };
    if (at < 0 || !(event.key in steps)) return;
    event.preventDefault();
    this.buttons.forEach((button, index) => (button.tabIndex = index === steps[event.key] ? 0 : -1));
    this.buttons[steps[event.key]].focus();
  }

  shorten(event) {
    if (event.altKey || event.isComposing || !(ON_MAC ? event.metaKey : event.ctrlKey)) return;
    const pressed = this.buttons.find(({ dataset: { key, shift } }) => {
      if (event.shiftKey !== (shift !== undefined)) return false;
      return CODES[key] ? event.code === CODES[key] : event.key.toLowerCase() === key;
    });
    if (!pressed) return;
    event.preventDefault();
    write(this.box, pressed);
  }
}

customElements.define("markdown-toolbar", MarkdownToolbar);
