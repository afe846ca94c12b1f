// Walks beside somebody who presses Tab, and notes what is wrong where the keyboard stops.
// A stop is looked at when the next key comes: by then the page has moved under it.
(() => {
  const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";
  const MARKS = ["outline", "backgroundColor", "borderColor", "boxShadow"];
  // Of luminance, as WCAG 2.2 asks for what shows the focus (1.4.11).
  const ENOUGH = 3;

  const named = (one) =>
    `<${one.localName}${one.id && `#${one.id}`}> ` +
    (one.innerText || one.name || one.value || "").trim().replace(/\s+/g, " ").slice(0, 40);

  const isStop = (one) =>
    one.tabIndex >= 0 && one.type !== "hidden" && !one.matches(":disabled, [inert] *") &&
    one.checkVisibility({visibilityProperty: true}) && isOneOfItsGroup(one);

  // Of several choices, Tab goes to the one chosen, else to the first.
  const isOneOfItsGroup = (one) => {
    if (one.type !== "radio") return true;
    const group = [...document.getElementsByName(one.name)].filter(
      (other) => other.form === one.form && !other.disabled,
    );
    return one === (group.find((other) => other.checked) ?? group[0]);
  };

  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [red, green, blue] = channels(colour).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const ground = (one) => {
    for (let here = one; here; here = here.parentElement) {
      const colour = getComputedStyle(here).backgroundColor;
      if ((channels(colour)[3] ?? 1) > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };

  const marks = (one) =>
    ["", "::after"].map((part) => {
      const style = getComputedStyle(one, part || null);
      return MARKS.map((name) => style[name]).join();
    }).join();

  const shows = (style, around) =>
    style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 &&
    contrast(style.outlineColor, around) >= ENOUGH;

  // A door's link draws it around the whole door.
  const hasOutline = (one) => {
    const style = getComputedStyle(one);
    const inside = parseFloat(style.outlineOffset) < 0;
    const door = one.offsetParent?.parentElement ?? document.body;
    return shows(style, ground(inside ? one : one.parentElement)) ||
      shows(getComputedStyle(one, "::after"), ground(door));
  };

  const isCutOff = (one) => {
    const style = getComputedStyle(one);
    const more = Math.max(0, parseFloat(style.outlineOffset)) + parseFloat(style.outlineWidth);
    const box = one.getBoundingClientRect();
    for (let here = one.parentElement; here; here = here.parentElement) {
      if (getComputedStyle(here).overflowX === "visible") continue;
      const hole = here.getBoundingClientRect();
      const across = box.left - more < hole.left - 1 && box.right + more > hole.right + 1;
      const along = box.top - more < hole.top - 1 && box.bottom + more > hole.bottom + 1;
      if (across || along) return true;
    }
    return false;
  };

  // Middle and near the corners of each line of it, as far as they are in the window.
  const spots = (one) =>
    [...one.getClientRects()].flatMap(({left, right, top, bottom}) => {
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      return [[x, y], [left + 4, y], [right - 4, y], [x, top + 4], [x, bottom - 4]];
    }).filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);

  const cover = (one) => {
    const seen = spots(one);
    if (!seen.length) return "out of sight";
    const over = seen.map(([x, y]) => document.elementFromPoint(x, y)).find(
      (there) => there && !one.contains(there) && !there.contains(one) &&
        ![...(one.labels ?? [])].some((label) => label.contains(there)),
    );
    return over && `covered by ${named(over)}`;
  };

  const place = (one) => {
    const {left, top, bottom} = one.getBoundingClientRect();
    return {left, top: top + scrollY, bottom: bottom + scrollY};
  };

  const goesBack = (one, other) => other.bottom <= one.top && other.left <= one.left;

  let expected, plain, met, places, found;

  const look = () => {
    const one = document.activeElement;
    if (one === document.body || one === document.documentElement) return;
    if (met.includes(one)) return;
    met.push(one);
    places.push(place(one));
    const wrong = [
      cover(one),
      one.matches(":focus-visible") || "has no focus to be seen",
      plain.get(one) !== marks(one) || "looks the same with the focus",
      hasOutline(one) || "has no outline to be seen",
      isCutOff(one) && "has its outline cut off",
    ];
    for (const fault of wrong) {
      if (fault && fault !== true) found.push(`${named(one)} ${fault}`);
    }
  };

  // Puts the keyboard before the page; gives how many keys lead through it.
  const begin = () => {
    const page = document.documentElement;
    page.tabIndex = -1;
    page.focus();
    page.removeAttribute("tabindex");
    scrollTo(0, 0);
    expected = [...document.querySelectorAll(STOPS)].filter(isStop);
    plain = new Map(expected.map((one) => [one, marks(one)]));
    [met, places, found] = [[], [], []];
    addEventListener("keydown", look, {capture: true});
    // A date has fields of its own for day, month, year and calendar.
    const dates = expected.filter((one) => /^date|^time/.test(one.type)).length;
    return expected.length + 8 * dates + 1;
  };

  const end = () => {
    look();
    removeEventListener("keydown", look, {capture: true});
    const missed = expected.filter((one) => !met.includes(one));
    found.push(...missed.map((one) => `${named(one)} is not reached`));
    if (!met[0]?.matches(".skip")) found.push("The first stop is no way to the content");
    met.forEach((one, index) => {
      if (!index) return;
      const before = met[index - 1];
      const follows = before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (!follows || goesBack(places[index - 1], places[index])) {
        found.push(`${named(one)} comes after ${named(before)}`);
      }
    });
    return found;
  };

  window.walk = {begin, end};
})();
