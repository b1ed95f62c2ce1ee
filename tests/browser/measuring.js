// Colours as Chromium computes them; a gradient counts with each of its colours.
() => {
  const parse = (text) => {
    const unit = text.startsWith("color(") ? 255 : 1;
    const [r, g, b, a = 1] = text.match(/-?[\d.]+(?:e-?\d+)?/g).map(Number);
    return [r * unit, g * unit, b * unit, a];
  };
  const over = ([r, g, b, a], [R, G, B]) =>
    [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)];
  const light = (rgb) => {
    const [r, g, b] = rgb.map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const grounds = (element) => {
    const layers = [];
    const upon = (ground) => layers.reduceRight((under, layer) => over(layer, under), ground);
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const stops = style.backgroundImage.match(/(?:rgba?|color)\([^)]*\)/g);
      if (stops && style.backgroundImage.includes("gradient")) return stops.map(parse).map(upon);
      const colour = parse(style.backgroundColor);
      if (colour[3] === 1) return [upon(colour)];
      if (colour[3]) layers.push(colour);
    }
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    return [upon(dark ? [18, 18, 18] : [255, 255, 255])];
  };
  const hasWords = (element) => [...element.childNodes]
    .some((node) => node.nodeType === 3 && /[\p{L}\p{N}]/u.test(node.data));
  const name = (one) =>
    `${one.tagName}.${one.className} ${(one.ariaLabel || one.textContent).trim().slice(0, 30)}`;
  const seen = { opacityProperty: true, visibilityProperty: true };
  const words = [];
  for (const element of document.querySelectorAll("body *")) {
    const field = element.matches("input, textarea") && element.placeholder && !element.value;
    if (!element.checkVisibility(seen) || !(hasWords(element) || field)) continue;
    const colour = parse(getComputedStyle(element, field ? "::placeholder" : null).color);
    const worst = Math.min(...grounds(element).map((under) => contrast(over(colour, under), under)));
    words.push([name(element), Math.round(worst * 100) / 100]);
  }
  // A link inside a sentence may be small (WCAG's own exception); a label stands for its hidden box.
  const pressed = "button, summary, a, input:not([type=hidden]), select, textarea";
  const targets = [...document.querySelectorAll(pressed)]
    .filter((one) => one.checkVisibility() && !one.closest(".text") && !one.matches(".skip"))
    .map((one) => {
      const box = (one.closest("label.check, .choice label") || one).getBoundingClientRect();
      return [name(one), Math.round(box.width * 10) / 10, Math.round(box.height * 10) / 10];
    });
  const root = document.documentElement;
  return { words, targets, sideways: root.scrollWidth - root.clientWidth };
}
