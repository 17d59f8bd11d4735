// A form that was sent is not sent again by a second tap. The button stays enabled, so its name and value still go along.
const SENT = "sent";
const PATIENCE = 8000; // ms: after that a second try is meant, or the answer was a download

function reopen(form) {
  delete form.dataset.state;
  form.querySelector('[aria-busy="true"]')?.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (form.dataset.state === SENT) {
    event.preventDefault();
    return;
  }
  form.dataset.state = SENT;
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(reopen, PATIENCE, form);
});

// Coming back by the Back button shows the page as it was left: open the form again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll(`form[data-state="${SENT}"]`).forEach(reopen);
});
