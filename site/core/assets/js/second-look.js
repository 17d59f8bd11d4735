// What was found in somebody's words is where they go on reading, also in browsers that focus fields alone.
document.querySelector("[data-second-look]")?.focus();
