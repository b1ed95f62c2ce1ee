// Draws one message. Entities become elements; their text stays text.

import { h, icon } from "./dom.js";
import { fileUrl } from "./net.js";
import { serviceLine } from "./stars.js";
import { clockTime, number, wordsFor } from "./words.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", spoiler: "span",
};
const SAFE = new Set(["http:", "https:", "mailto:", "tg:"]);
const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic}|[\u{1F3FB}-\u{1F3FF}])*){1,3}$/u;

function safeUrl(address) {
  try {
    const url = new URL(/^[a-z][a-z+.-]*:/i.test(address) ? address : `https://${address}`);
    return SAFE.has(url.protocol) ? url.href : null;
  } catch { return null; }
}

function entityElement(entity, text, act) {
  if (entity.type === "text_link" || entity.type === "url" || entity.type === "email") {
    const href = safeUrl(entity.url || (entity.type === "email" ? `mailto:${text}` : text));
    return href ? h("a", { href, target: "_blank", rel: "noopener noreferrer" }) : h("span");
  }
  if (entity.type === "bot_command") return h("button", { type: "button", class: "command", onclick: () => act.say(text) });
  if (entity.type === "spoiler") {
    const reveal = (event) => event.currentTarget.classList.add("seen");
    return h("button", { type: "button", class: "spoiler", onclick: reveal });
  }
  if (entity.type === "expandable_blockquote") return h("blockquote", { class: "expandable", onclick: turn });
  if (["mention", "hashtag", "cashtag", "text_mention"].includes(entity.type)) return h("span", { class: "mention" });
  return h(TAGS[entity.type] || "span");
}

// A tap anywhere on a folded quotation opens it and folds it again, but on a link in it.
function turn(event) {
  if (event.target.closest("a, .command, .spoiler")) return;
  const quote = event.currentTarget, more = quote.querySelector(".more");
  if (more.hidden) return;
  more.setAttribute("aria-expanded", String(quote.classList.toggle("open")));
}

// Only what is longer than three lines can be opened, which shows when it is laid out.
const folding = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    const quote = target.parentElement;
    if (!quote.classList.contains("open")) quote.querySelector(".more").hidden = target.scrollHeight <= target.clientHeight + 1;
  }
});

function fold(quote, words) {
  const inside = h("span", { class: "folded" });
  inside.append(...quote.childNodes);
  quote.append(inside, h("button", { type: "button", class: "more", hidden: true, "aria-expanded": "false", "aria-label": words.unfold }, icon("down")));
  folding.observe(inside);
}

// Entities are nested by place: each takes those that begin inside it.
export function formatted(text, entities, act, from = 0, to = text.length) {
  const nodes = [];
  let at = from;
  for (let i = 0; i < entities.length; i += 1) {
    const entity = entities[i], end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || entity.offset >= to) continue;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const element = entityElement(entity, text.slice(entity.offset, end), act);
    const inner = entities.slice(i + 1).filter((other) => other.offset < end);
    element.append(...formatted(text, inner, act, entity.offset, end));
    nodes.push(element);
    at = end;
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function media(message, act, words) {
  if (message.photo) {
    const { width, height, file_id: id } = message.photo;
    const image = h("img", { src: fileUrl(id), width, height, alt: message.text || words.picture, loading: "lazy" });
    return h("button", { type: "button", class: "photo", "aria-label": words.open, onclick: () => act.show(image) }, image);
  }
  if (message.sticker) return h("span", { class: "sticker" }, message.sticker.emoji || "🙂");
  if (message.dice) return h("span", { class: "sticker" }, message.dice.emoji || "🎲");
  if (message.voice) {
    const bars = Array.from({ length: 26 }, (_, i) => h("i", { style: { "--h": String(20 + ((i * 37) % 70)) } }));
    const length = `0:${String(message.voice.duration).padStart(2, "0")}`;
    return h("span", { class: "voice" }, h("span", { class: "disc" }, icon("mic")), h("span", { class: "wave", "aria-label": words.voice }, bars), length);
  }
  if (message.document) {
    const { file_id: id, file_name: name, file_size: size } = message.document;
    return h("a", { class: "document", href: fileUrl(id), download: name || "file" }, h("span", { class: "disc" }, icon("file")),
      h("span", {}, h("b", {}, name || words.document), h("small", {}, `${Math.max(1, Math.round(size / 1024))} KB`)));
  }
  if (message.invoice) return h("span", { class: "invoice" }, h("b", {}, message.invoice.title), h("span", {}, message.invoice.description));
  if (message.location) return h("span", { class: "plain" }, `📍 ${words.location}`);
  if (message.contact) return h("span", { class: "plain" }, `👤 ${message.contact.first_name || words.contact}`);
  return null;
}

function keyboard(message, language, act) {
  const rows = message.reply_markup.inline_keyboard.length || !message.invoice ? message.reply_markup.inline_keyboard : [[{ pay: true }]];
  if (!rows.length) return null;
  const button = (item) => {
    const style = item.style ? ` ${item.style}` : "";
    if (item.pay) {
      const words = wordsFor(language).pay(`⭐ ${number(message.invoice.total_amount, language)}`);
      return h("button", { type: "button", class: "key primary", onclick: () => act.pay({ message_id: message.message_id }) }, h("span", {}, words));
    }
    if (item.url?.startsWith("https://t.me/$")) {
      return h("button", { type: "button", class: `key${style}`, onclick: () => act.pay({ link: item.url }) }, h("span", {}, item.text));
    }
    if (item.url) {
      const href = safeUrl(item.url);
      return h("a", { class: `key link${style}`, href, target: "_blank", rel: "noopener noreferrer" }, h("span", {}, item.text));
    }
    const press = (event) => act.tap(message, item, event.currentTarget);
    return h("button", { type: "button", class: `key${style}`, onclick: press }, h("span", {}, item.text));
  };
  return h("div", { class: "keyboard" }, rows.map((row) => h("div", { class: "keys" }, row.map(button))));
}

function meta(message, own, language) {
  const words = wordsFor(language);
  // As in Telegram, a message with buttons does not say that its text was changed.
  const edited = message.rewritten && !message.reply_markup.inline_keyboard.length;
  const iso = new Date(message.date * 1000).toISOString();
  return h("span", { class: "meta" }, edited ? `${words.edited} ` : "", h("time", { datetime: iso }, clockTime(message.date, language)), own ? icon("double") : null);
}

export function drawMessage(message, language, act) {
  if (message.successful_payment || message.refunded_payment) return serviceLine(message, language);
  const words = wordsFor(language), own = message.from === "user";
  const big = !message.photo && !message.entities.length && ONLY_EMOJI.test(message.text);
  const piece = media(message, act, words);
  const bare = Boolean(message.sticker || message.dice || big);
  const text = message.text && h("div", { class: big ? "text big" : "text", dir: "auto" }, formatted(message.text, message.entities, act));
  for (const quote of text ? text.querySelectorAll(".expandable") : []) fold(quote, words);
  const reply = message.reply_to && h("div", { class: "quote" }, h("b", {}, message.reply_to.name), h("span", {}, message.reply_to.text));
  const bubble = h("div", { class: `bubble${bare ? " bare" : ""}${message.photo ? " with-photo" : ""}` },
    h("span", { class: "visually-hidden" }, `${own ? words.you : message.from_name}: `), reply, piece, text, meta(message, own, language));
  for (const reaction of message.reactions) bubble.append(h("span", { class: "reaction", role: "img", "aria-label": words.reaction(reaction.emoji || "★") }, reaction.emoji || "★"));
  if (own && message.text) {
    bubble.append(h("button", { type: "button", class: "edit", "aria-label": words.edit, title: words.edit, onclick: () => act.edit(message) }, icon("pencil")));
  }
  return h("div", { class: `message ${own ? "own" : "theirs"}`, "data-id": message.message_id, "data-from": message.from }, bubble, keyboard(message, language, act));
}
