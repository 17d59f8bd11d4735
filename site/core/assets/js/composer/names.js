// After an @ the colleagues who can be called here are offered: arrow keys and Enter choose, Escape closes.
import { fill, replace } from "./text.js";

const CALL = /(?:^|[^\p{L}\p{N}_@./+-])@([\p{L}\p{N}][\p{L}\p{N}\p{M}'’. -]{0,60})?$/u;
const PAUSE = 150; // ms

export function offerNames(form) {
  for (const box of form.querySelectorAll("[data-box] textarea")) new Names(form, box);
}

class Names {
  constructor(form, box) {
    this.form = form;
    this.box = box;
    this.said = form.querySelector("[data-said]");
    this.people = [];
    this.at = -1;
    this.turn = 0;
    this.list = document.createElement("ul");
    this.list.className = "names";
    this.list.id = `${box.id}-names`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", form.dataset.names);
    this.list.hidden = true;
    box.after(this.list);
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", this.list.id);
    box.addEventListener("input", () => this.look());
    box.addEventListener("keydown", (event) => this.press(event));
    box.addEventListener("click", () => this.close());
    box.addEventListener("blur", () => this.close());
    // before the box loses the focus
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest('[role="option"]');
      if (option) this.choose([...this.list.children].indexOf(option));
    });
  }

  get call() {
    const { value, selectionStart: start, selectionEnd: end } = this.box;
    return start === end ? value.slice(Math.max(0, start - 80), start).match(CALL) : null;
  }

  look() {
    clearTimeout(this.timer);
    const typed = this.call?.[1] ?? (this.call ? "" : null);
    const isOver = typed === null || typed === this.refused || (this.unknown && typed.startsWith(this.unknown));
    if (isOver) return this.close();
    this.timer = setTimeout(() => this.ask(typed), PAUSE);
  }

  async ask(typed) {
    const mine = ++this.turn;
    const query = new URLSearchParams({ place: this.form.dataset.place, q: typed });
    let answer;
    try {
      answer = await fetch(`${this.form.dataset.mentions}?${query}`, { credentials: "same-origin" });
    } catch {
      return;
    }
    if (mine !== this.turn || !answer.ok || answer.redirected || document.activeElement !== this.box) return;
    const { people } = await answer.json();
    if (mine !== this.turn) return;
    this.unknown = people.length ? "" : typed; // whoever goes on writing is not asked about at each key
    this.show(people);
  }

  show(people) {
    if (!people.length) return this.close();
    this.people = people;
    this.list.replaceChildren(...people.map((person, index) => this.option(person, index)));
    this.list.hidden = false;
    this.move(0);
    const { one, several } = this.form.dataset;
    this.said.textContent = people.length === 1 ? one : fill(several, people.length);
  }

  option({ name, byline }, index) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    const shown = document.createElement("strong");
    shown.textContent = name;
    const beside = document.createElement("span");
    beside.className = "meta";
    beside.textContent = byline;
    option.append(shown, " ", beside);
    return option;
  }

  move(to) {
    this.at = to;
    [...this.list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === to)));
    this.list.children[to].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", this.list.children[to].id);
  }

  press(event) {
    if (this.list.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.people.length - 1;
    if (event.key === "ArrowDown") this.move(this.at < last ? this.at + 1 : 0);
    else if (event.key === "ArrowUp") this.move(this.at > 0 ? this.at - 1 : last);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) this.choose(this.at);
    else if (event.key === "Escape") this.dismiss();
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight" || event.key === "Home" || event.key === "End") return this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(index) {
    const call = this.call;
    const person = this.people[index];
    this.close();
    if (!call || !person) return;
    const end = this.box.selectionStart;
    replace(this.box, `@${person.writes} `, end - (call[1] ?? "").length - 1, end);
    this.turn++;
    clearTimeout(this.timer);
  }

  dismiss() {
    this.refused = this.call?.[1] ?? "";
    this.close();
  }

  close() {
    clearTimeout(this.timer);
    this.turn++;
    this.list.hidden = true;
    this.box.removeAttribute("aria-activedescendant");
  }
}
