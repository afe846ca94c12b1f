// "/" puts the cursor into the search field, from everywhere on the desk's pages.
const field = document.querySelector("[data-search]");
const typing = (target) => target.closest("input:not([type=radio], [type=checkbox]), textarea, select");

if (field) {
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) && event.target !== field) return;
    if (event.target === field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
