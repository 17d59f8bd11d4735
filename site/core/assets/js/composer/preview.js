// Two tabs, Write and Preview: what stands in the form, by the renderer that the post will have.
import { sent } from "./text.js";

export function offerPreview(form) {
  const list = form.querySelector("[data-tabs]");
  const writing = form.querySelector("[data-write]");
  const shown = form.querySelector("[data-shown]");
  const [write, preview] = list.querySelectorAll('[role="tab"]');
  let turn = 0;

  async function fetchPreview() {
    const mine = ++turn;
    shown.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: sent(form), credentials: "same-origin" });
      if (mine !== turn) return;
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      shown.replaceChildren(...page.body.childNodes);
    } catch {
      shown.textContent = form.dataset.failed;
    }
    shown.removeAttribute("aria-busy");
  }

  function choose(tab) {
    const isPreview = tab === preview;
    for (const each of [write, preview]) {
      each.setAttribute("aria-selected", String(each === tab));
      each.tabIndex = each === tab ? 0 : -1;
    }
    writing.hidden = isPreview;
    shown.hidden = !isPreview;
    if (isPreview) fetchPreview();
  }

  list.addEventListener("click", (event) => {
    const tab = event.target.closest('[role="tab"]');
    if (tab) choose(tab);
  });
  list.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const tab = event.key === "Home" ? write : event.key === "End" ? preview : event.target === write ? preview : write;
    tab.focus();
    choose(tab);
  });
  // what the browser finds missing is asked for in the form, so it has to be there
  form.addEventListener("invalid", () => choose(write), true);
  writing.setAttribute("role", "tabpanel");
  writing.setAttribute("aria-labelledby", write.id);
  list.hidden = false;
}
