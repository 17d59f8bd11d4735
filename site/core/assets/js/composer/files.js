// Files that are pasted, dropped or chosen go to the server at once, and their rows come back as the page has them.
import { fill } from "./text.js";
import { wait } from "./waiting.js";

export function offerFiles(form) {
  const region = () => form.querySelector("[data-files]");
  if (!region()) return;
  const said = form.querySelector("[data-said]");
  const bar = document.createElement("p");
  bar.className = "composer__upload meta";
  bar.hidden = true;
  const shown = document.createElement("span");
  const meter = document.createElement("progress");
  meter.max = 1;
  bar.append(shown, " ", meter);
  const refusals = document.createElement("div");
  refusals.setAttribute("role", "alert");
  let waiting = Promise.resolve();

  const settle = () => {
    region().dataset.isQuick = "";
    region().querySelector("[data-attach]").hidden = true;
    region().after(bar, refusals);
  };

  const refuse = (sentences) => {
    refusals.replaceChildren(
      ...sentences.map((sentence) => {
        const line = document.createElement("p");
        line.className = "notice notice--error";
        line.textContent = sentence;
        return line;
      }),
    );
  };

  function send(file) {
    const data = new FormData();
    data.set("place", form.dataset.place);
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("files", file, file.name || "picture.png");
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest(); // fetch says nothing of how far an upload is
      request.open("POST", form.dataset.attach);
      request.upload.addEventListener("progress", ({ loaded, total }) => (meter.value = total ? loaded / total : 0));
      request.addEventListener("error", fail);
      request.addEventListener("load", () => {
        try {
          done(JSON.parse(request.responseText));
        } catch (error) {
          fail(error);
        }
      });
      request.send(data);
    });
  }

  // The rows as the server writes them, with what was typed into them meanwhile.
  async function refresh() {
    const answer = await fetch(form.action, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-composer] [data-files]");
    if (!fresh) return;
    for (const box of region().querySelectorAll("input[name]:not([type=file])")) {
      const same = [...fresh.querySelectorAll("input")].find(({ name, type, value }) => name === box.name && (type !== "checkbox" || value === box.value));
      if (same) [same.value, same.checked] = [box.value, box.checked];
    }
    region().replaceWith(document.importNode(fresh, true));
    settle();
  }

  async function upload(files) {
    const refused = [];
    refuse([]);
    bar.hidden = false;
    for (const file of files) {
      shown.textContent = fill(form.dataset.uploading, file.name);
      meter.value = 0;
      try {
        const told = await send(file);
        if (told.refused?.length) refused.push(...told.refused);
        else said.textContent = fill(form.dataset.uploaded, file.name);
      } catch {
        refused.push(`${file.name}: ${form.dataset.failed}`);
      }
    }
    await refresh().catch(() => {});
    bar.hidden = true;
    refuse(refused);
  }

  const take = (files) => {
    const chosen = [...files];
    waiting = waiting.then(() => upload(chosen));
    wait(form, waiting);
  };

  form.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    if (!files?.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    take(files);
  });
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  form.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    form.classList.add("composer--over");
  });
  for (const kind of ["dragleave", "drop"]) form.addEventListener(kind, () => form.classList.remove("composer--over"));
  form.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  form.addEventListener("change", (event) => {
    if (event.target.type !== "file" || !event.target.files.length) return;
    take(event.target.files);
    event.target.value = "";
  });
  settle();
}
