// Keeps what is being written on the server: a moment after the last key, and when the page is put away. Nothing of it
// lies in the browser. What could not be saved is tried again; another window's version is never written over unasked.
import { replace, sent } from "./text.js";
import { wait } from "./waiting.js";

const PAUSE = 1500; // ms without a key
const AT_MOST = 5000; // ms between two savings while keys keep coming
const AGAIN = 10000; // ms until a failed saving is tried once more
const PATIENCE = 8000; // ms that one saving may take

export function keepDraft(form) {
  const status = form.querySelector("[data-status]");
  const elsewhere = form.querySelector("[data-elsewhere]");
  const take = elsewhere.querySelector("[data-take]");
  const version = form.elements.draft_version;
  const words = form.dataset;
  let timer = 0;
  let since = 0; // when the first key was pressed that is not saved
  let isRunning = false;
  let isStopped = false;
  let theirs = null;

  const say = (sentence) => {
    if (status.textContent !== sentence) status.textContent = sentence;
  };

  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  const stop = (sentence) => {
    isStopped = true;
    say(sentence);
  };

  async function answered(answer) {
    if (answer.redirected || answer.status === 401 || answer.status === 403) return stop(words.loggedOut);
    if (answer.status === 404) return stop(words.notHere);
    if (!answer.ok && ![409, 422, 429].includes(answer.status)) throw new Error(answer.statusText);
    const told = await answer.json();
    if (answer.status === 409) {
      theirs = told;
      elsewhere.querySelector("[data-words]").textContent = told.words;
      take.hidden = !told.fields;
      elsewhere.hidden = false;
      return stop("");
    }
    if (answer.ok) version.value = told.version;
    return say(told.words);
  }

  async function save() {
    clearTimeout(timer);
    if (isRunning || isStopped || !since) return;
    since = 0;
    isRunning = true;
    say(words.saving);
    const limits = { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) };
    const saving = fetch(words.save, { method: "POST", body: sent(form), ...limits }).then(answered);
    wait(form, saving);
    try {
      await saving;
      if (since) later(PAUSE);
    } catch {
      since ||= Date.now();
      say(words.offline);
      later(AGAIN);
    } finally {
      isRunning = false;
    }
  }

  form.addEventListener("input", (event) => {
    if (!event.target.name || event.target.type === "file" || isStopped) return;
    since ||= Date.now();
    later(Math.min(PAUSE, Math.max(0, since + AT_MOST - Date.now())));
  });

  form.addEventListener("submit", () => {
    clearTimeout(timer);
    since = 0;
  });

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !since || isRunning || isStopped) return;
    since = 0;
    const data = new URLSearchParams(sent(form));
    fetch(words.save, { method: "POST", body: data, credentials: "same-origin", keepalive: true })
      .then(answered)
      .catch(() => (since ||= Date.now()));
  });
  window.addEventListener("online", () => since && later(0));

  const goOn = () => {
    isStopped = false;
    version.value = theirs.version;
    elsewhere.hidden = true;
    since = Date.now();
    save();
    form.elements.body.focus();
  };
  elsewhere.querySelector("[data-keep]").addEventListener("click", goOn);
  take.addEventListener("click", () => {
    for (const [name, values] of Object.entries(theirs.fields)) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
        else if (field.type === "hidden") field.value = values[0] ?? "";
        else if (field.value !== (values[0] ?? "")) replace(field, values[0] ?? "", 0, field.value.length);
      }
    }
    goOn();
  });
}
