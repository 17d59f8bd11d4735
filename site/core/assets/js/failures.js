// When htmx sent something and no good answer came, the person learns it, and keeps what they typed.
const REFUSALS = new Set([400, 403, 404, 409, 410, 429, 500]);

function say(words) {
  const messages = document.getElementById("messages");
  const message = document.createElement("p");
  message.className = "message message--error";
  message.textContent = words;
  messages?.replaceChildren(message);
  messages?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { xhr, requestConfig } = detail;
  if (xhr.responseURL && new URL(xhr.responseURL).pathname.startsWith("/accounts/login/") && !location.pathname.startsWith("/accounts/")) {
    detail.shouldSwap = false; // the session ended: a log-in form inside a list would swallow what was typed
    say(document.getElementById("messages").dataset.loggedOut);
  } else if (requestConfig.verb !== "get" && REFUSALS.has(xhr.status)) {
    detail.shouldSwap = true; // the page that a form without htmx would have got: it gives the words back
    detail.target = document.body;
    detail.swapOverride = "innerHTML show:window:top";
    detail.selectOverride = "unset";
  } else if (xhr.status === 422) {
    detail.shouldSwap = true; // a form with its errors
    detail.isError = false;
  }
});

for (const kind of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, () => say(document.getElementById("messages").dataset.failed));
}
