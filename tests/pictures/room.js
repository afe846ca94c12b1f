// What has no room: words that lie over each other, leave their box, or are cut off.
() => {
  const FOR_READERS = ".kern-sr-only, .skip";
  const words = (node) => node.data.trim().replace(/\s+/g, " ").slice(0, 40);

  // As much of a line as the boxes around it let through.
  const shown = (line, around) => {
    let {left, right} = line;
    for (let box = around; box; box = box.parentElement) {
      if (getComputedStyle(box).overflowX === "visible") continue;
      const hole = box.getBoundingClientRect();
      [left, right] = [Math.max(left, hole.left), Math.min(right, hole.right)];
    }
    return {left, right};
  };

  // What stays in its place while the page moves on lies over other words by intention.
  const stays = (one) =>
    one !== null && (/sticky|fixed/.test(getComputedStyle(one).position) || stays(one.parentElement));

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest(`${FOR_READERS}, script, noscript`)) continue;
    if (!parent.checkVisibility({visibilityProperty: true})) continue;
    const moves = !stays(parent);
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const line of range.getClientRects()) {
      // Above and below its letters a line has air, which may be shared.
      const air = line.height / 4;
      const {left, right} = shown(line, parent);
      texts.push({node, moves, left, right, top: line.top + air, bottom: line.bottom - air});
    }
  }

  const found = [];
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) found.push("The page is wider than the window");

  texts.forEach((one, index) => {
    for (const other of texts.slice(index + 1)) {
      const apart =
        one.moves !== other.moves || one.right <= one.left || other.right <= other.left ||
        one.right <= other.left + 1 || other.right <= one.left + 1 ||
        one.bottom <= other.top || other.bottom <= one.top;
      if (!apart && one.node !== other.node) {
        found.push(`“${words(one.node)}” lies over “${words(other.node)}”`);
      }
    }
    if (one.right <= one.left) return;
    const box = one.node.parentElement.closest("button, .kern-btn, .kern-badge, .tile, .figure");
    if (!box || getComputedStyle(box).display === "inline") return;
    const room = box.getBoundingClientRect();
    if (
      one.left < room.left - 1 || one.right > room.right + 1 ||
      one.top < room.top - 1 || one.bottom > room.bottom + 1
    ) found.push(`“${words(one.node)}” leaves its box`);
  });

  for (const one of document.body.querySelectorAll("*")) {
    const {overflowX, overflowY, textOverflow} = getComputedStyle(one);
    if (overflowX === "visible" && overflowY === "visible") continue;
    if (one.closest(FOR_READERS) || !one.checkVisibility()) continue;
    // As small as a dot, it is read out only.
    if (one.clientWidth <= 1 && one.clientHeight <= 1) continue;
    if (one.matches("input, select, textarea, svg, svg *")) continue;
    const wide = overflowX !== "auto" && one.scrollWidth > one.clientWidth + 1;
    const high = one.scrollHeight > one.clientHeight + 1;
    // A long name ends in dots by intention.
    if (high || (wide && textOverflow !== "ellipsis")) {
      found.push(`<${one.localName} class="${one.className}"> is cut off`);
    }
  }
  return [...new Set(found)];
}
