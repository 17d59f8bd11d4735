// While an event is written, its repetition is said in words, with the next dates. Without this module there is a button.
for (const select of document.querySelectorAll("select[data-repeats]")) {
  const form = select.form;
  let place = form.querySelector("[data-repeats-preview]");
  if (!place) {
    place = document.createElement("div");
    place.setAttribute("role", "status");
    select.after(place);
  }
  const names = ["starts_on", "starts_time", "repeats", "repeats_until", "repeats_count"];
  let latest = 0;

  const show = async () => {
    const query = new URLSearchParams(names.map((name) => [name, form.elements[name]?.value ?? ""]));
    const turn = ++latest;
    if (select.value === "never" || select.value === "as_is" || !query.get("starts_on") || !query.get("starts_time")) {
      place.replaceChildren();
      return;
    }
    const answer = await fetch(`${select.dataset.repeats}?${query}`, { credentials: "same-origin" });
    if (turn !== latest || !answer.ok || answer.redirected) return;
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...parsed.body.childNodes);
  };

  form.addEventListener("change", (event) => {
    if (names.includes(event.target.name)) show();
  });
}
