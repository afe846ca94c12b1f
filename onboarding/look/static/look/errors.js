// What went wrong is the first thing to be read.
document.querySelector("[data-errors]")?.focus();
