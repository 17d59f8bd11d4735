// A button beside an address copies it. It is hidden until here, so that nobody meets one that does nothing.
for (const place of document.querySelectorAll("[data-copy]")) {
  const [input, button, status] = ["input", "button", '[role="status"]'].map((name) => place.querySelector(name));
  if (!navigator.clipboard) continue; // not offered without HTTPS: the address is there to be selected
  button.hidden = false;
  button.addEventListener("click", async () => {
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      return; // the browser said no: the address is selected now
    }
    button.querySelector("span").textContent = button.dataset.copied;
    status.textContent = button.dataset.copied;
  });
}
