// "/" puts the cursor into the search field, from everywhere on the desk's pages; what
// was looked for before gives way to what is typed next.
const field = document.querySelector("[data-search]");
const typing = (target) => target.closest("input:not([type=radio], [type=checkbox]), textarea, select");
const untouched = () => field.selectionStart === 0 && field.selectionEnd === field.value.length;

if (field) {
  field.addEventListener("focus", () => field.select());
  if (document.activeElement === field) field.select();
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) && (event.target !== field || !untouched())) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
