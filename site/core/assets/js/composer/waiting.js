// What is under way when the form is sent is waited for: a draft must not come back after the post is there, and a file
// must be there before it.
const underway = new WeakMap();

export function wait(form, promise) {
  const all = underway.get(form);
  all.add(promise);
  promise.finally(() => all.delete(promise)).catch(() => {});
}

export function waitAtSubmit(form) {
  underway.set(form, new Set());
  form.addEventListener("submit", async (event) => {
    const all = underway.get(form);
    if (!all.size) return;
    event.preventDefault();
    event.submitter?.setAttribute("aria-busy", "true");
    while (all.size) await Promise.allSettled(all);
    event.submitter?.removeAttribute("aria-busy");
    form.requestSubmit(event.submitter);
  });
}
