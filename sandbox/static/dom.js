// Builds elements. Text only ever enters the page as text nodes: nothing here parses HTML.

export function h(tag, facts = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "style") for (const [key, set] of Object.entries(value)) element.style.setProperty(key, set);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  plus: "M12 5v14M5 12h14",
  moon: "M20 14.5A8.2 8.2 0 0 1 9.5 4 8.2 8.2 0 1 0 20 14.5z",
  sun: "M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  send: "M4.5 12 4 5l16.5 7L4 19l.5-7zm0 0H12",
  clip: "M19.5 11.5l-7.6 7.6a4.7 4.7 0 0 1-6.7-6.7l8-8a3.2 3.2 0 0 1 4.5 4.5l-8 8a1.6 1.6 0 0 1-2.3-2.3l7.3-7.2",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  down: "M6 9.5l6 6 6-6",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4.5 7h15M4.5 12h15M4.5 17h10",
  check: "M4 12.5l4.5 4.5L18 7.5",
  double: "M2 12.5l4.5 4.5L15.5 8M11.5 16l1 1L22 8",
  pencil: "M4.5 19.5l.8-4L15.8 5a2.25 2.25 0 0 1 3.2 3.2L8.5 18.7z",
  file: "M7 3.5h7l4.5 4.5v12.5h-11.5zM13.5 3.5V8.5H18.5",
  mic: "M12 4a2.8 2.8 0 0 0-2.8 2.8v5a2.8 2.8 0 0 0 5.6 0v-5A2.8 2.8 0 0 0 12 4zM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3.5",
  image: "M4.5 5.5h15v13h-15zM4.5 16l4.5-4.5 3.5 3.5 2.5-2.5 4.5 4.5M15.2 9.2v.01",
  smile: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8.5 14c.8 1.3 2 2 3.5 2s2.7-.7 3.5-2M9 9.7v.01M15 9.7v.01",
  star: "M12 3.8l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z",
  block: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 6l12 12",
  globe: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c2.5 2.5 3.7 5.3 3.7 8.5S14.5 18 12 20.5C9.5 18 8.3 15.2 8.3 12S9.5 6 12 3.5z",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

export function avatar(id, name) {
  const letter = [...(name || "?")][0].toUpperCase();
  return h("span", { class: "avatar", "aria-hidden": "true", style: { "--hue": String((id * 67) % 360) } }, letter);
}

// Menus: arrow keys move, Escape leaves and gives the focus back.
export function openMenu(anchor, items, { above = false, label } = {}) {
  const menu = h("div", { class: `menu${above ? " above" : ""}`, role: "menu", "aria-label": label });
  const close = (refocus) => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    anchor.setAttribute("aria-expanded", "false");
    if (refocus) anchor.focus();
  };
  const outside = (event) => {
    if (!menu.contains(event.target) && event.target !== anchor && !anchor.contains(event.target)) close(false);
  };
  for (const item of items) {
    const act = () => { close(true); item.act(); };
    menu.append(h("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: act }, icon(item.icon), item.text));
  }
  menu.addEventListener("keydown", (event) => {
    const buttons = [...menu.children], at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); buttons[(at + step + buttons.length) % buttons.length].focus(); }
    if (event.key === "Escape") { event.stopPropagation(); close(true); }
    if (event.key === "Tab") close(false);
  });
  anchor.setAttribute("aria-expanded", "true");
  anchor.parentElement.append(menu);
  menu.firstElementChild.focus();
  document.addEventListener("pointerdown", outside, true);
  return close;
}
