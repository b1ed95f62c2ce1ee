// One pupil's chat with the bot.

import { Composer } from "./composer.js";
import { avatar, h, icon, openMenu } from "./dom.js";
import * as net from "./net.js";
import { drawMessage } from "./render.js";
import * as stars from "./stars.js";
import { dayName, number, wordsFor } from "./words.js";

const SHOWN = 400;
const EFFECTS = { "5104841245755180586": "🔥", "5046509860389126442": "🎉", "5107584321108051014": "👍", "5159385139981059251": "❤️" };

export class Column {
  // `shell` knows the page: notices of unread messages, dialogs, closing a column.
  constructor(user, shell) {
    Object.assign(this, { user, shell, messages: new Map(), unread: 0, firstUnread: null, taps: new Map(), state: null, stuck: true, online: true });
    this.title = h("h2");
    this.status = h("p", { class: "status" });
    this.more = h("button", { type: "button", class: "icon-button", "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => this.menu() }, icon("more"));
    this.face = h("span", { class: "face" });
    const head = h("header", { class: "chat-head" }, this.face, h("div", { class: "names" }, this.title, this.status), h("span", { class: "anchor" }, this.more));
    this.list = h("div", { class: "list" });
    this.dots = h("div", { class: "message theirs typing", hidden: true, "aria-hidden": "true" }, h("div", { class: "bubble" }, h("i"), h("i"), h("i")));
    this.log = h("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0", onscroll: () => this.scrolled() }, this.list, this.dots);
    this.down = h("button", { type: "button", class: "down", hidden: true, onclick: () => this.toEnd(true) }, icon("down"), h("span", { class: "badge", hidden: true }));
    this.toast = h("div", { class: "toast", role: "status", hidden: true });
    this.composer = new Composer({ send: (what) => this.send(what), start: () => this.start(), lastOwn: () => this.lastOwn() });
    const middle = h("div", { class: "middle" }, this.log, this.down, this.toast);
    this.root = h("article", { class: "chat", "data-user": String(user.id) }, head, middle, this.composer.root);
    this.actions = {
      say: (text) => this.send({ text }),
      tap: (message, item, button) => this.tap(message, item, button),
      edit: (message) => this.composer.edit(message),
      pay: (what) => stars.pay(this, what),
      show: (image) => shell.showPicture(image),
    };
    const watcher = new ResizeObserver(() => { if (this.stuck) this.toEnd(); });
    watcher.observe(this.log);
    watcher.observe(this.list);
  }

  get language() { return this.user.language_code || "en"; }
  get words() { return wordsFor(this.language); }
  lastOwn() { return [...this.messages.values()].findLast((message) => message.from === "user" && message.text); }

  // Takes everything anew from the sandbox: at the start, and after each reconnection.
  async load() {
    const state = await net.screen(this.user.id).catch(async (error) => {
      if (error.status !== 404) throw error;
      // The sandbox was reset: the pupil introduces themselves again.
      const { id, first_name, language_code } = this.user;
      await net.addUser({ id, first_name, language_code });
      return net.screen(this.user.id);
    });
    const known = this.state ? new Set(this.messages.keys()) : null;
    this.state = state;
    this.user = state.user;
    this.messages = new Map(state.messages.map((message) => [message.message_id, message]));
    this.online = true;
    if (known) for (const message of state.messages) if (!known.has(message.message_id)) this.note(message);
    this.drawAll();
  }

  drawAll() {
    const { words, user, state } = this;
    this.root.lang = this.language.startsWith("bn") ? "bn" : "en";
    this.root.setAttribute("aria-label", words.chatOf(user.first_name, state.bot.first_name));
    this.title.textContent = state.bot.first_name;
    this.face.replaceChildren(h("img", { src: "/static/icon.svg", alt: "", width: "42", height: "42" }), avatar(user.id, user.first_name));
    this.more.setAttribute("aria-label", words.more);
    this.down.setAttribute("aria-label", words.latest);
    this.log.setAttribute("aria-label", words.chatOf(user.first_name, state.bot.first_name));
    this.drawStatus();
    this.drawList();
    this.drawBottom();
    if (this.stuck) this.toEnd();
    this.shell.noteUnread();
  }

  drawStatus(typing = false) {
    const { words } = this;
    this.status.classList.toggle("typing", typing);
    const text = typing ? `${words.typing}…` : this.online ? `${words.bot} · ${this.user.first_name}` : words.connecting;
    this.status.textContent = text;
  }

  drawBottom() {
    const { language, state } = this, messages = [...this.messages.values()];
    this.composer.update({ language, commands: state.commands, started: this.user.started, blocked: this.user.blocked, messages });
  }

  // The rows that a message adds below the one before it: perhaps a day, perhaps the unread line.
  rowsFor(message, previous) {
    const rows = [], day = dayName(message.date, this.language);
    const newDay = !previous || dayName(previous.date, this.language) !== day;
    if (newDay) rows.push(h("div", { class: "day" }, h("span", {}, day)));
    if (message.message_id === this.firstUnread) rows.push(h("div", { class: "unread" }, this.words.unread));
    const row = drawMessage(message, this.language, this.actions);
    if (!newDay && previous.from === message.from && message.date - previous.date < 600) row.classList.add("follows");
    return [...rows, row];
  }

  drawList() {
    const rows = [];
    let previous = null;
    for (const message of [...this.messages.values()].slice(-SHOWN)) {
      rows.push(...this.rowsFor(message, previous));
      previous = message;
    }
    if (!rows.length) rows.push(this.welcome());
    if (this.user.blocked) rows.push(h("div", { class: "day" }, h("span", {}, this.words.blocked)));
    this.list.replaceChildren(...rows);
  }

  welcome() {
    const { state, words } = this;
    return h("section", { class: "welcome" }, h("img", { src: "/static/icon.svg", alt: "", width: "72", height: "72" }),
      h("h3", {}, state.description ? words.what : state.bot.first_name), h("p", { dir: "auto" }, state.description || words.begin));
  }

  // An edit replaces one row where it stands; a focus inside stays.
  redraw(message) {
    const old = this.list.querySelector(`[data-id="${message.message_id}"]`);
    if (!old) return this.drawList();
    const row = drawMessage(message, this.language, this.actions);
    if (old.classList.contains("follows")) row.classList.add("follows");
    const focused = old.contains(document.activeElement);
    old.replaceWith(row);
    row.classList.add("changed");
    if (focused) (row.querySelector(".key") || this.composer).focus();
  }

  onMessage(message) {
    const fresh = !this.messages.has(message.message_id);
    const previous = [...this.messages.values()].at(-1);
    this.messages.set(message.message_id, message);
    if (message.from === "bot") this.stopTyping();
    else this.user.started = true;
    if (fresh) this.note(message);
    if (fresh && previous) this.list.append(...this.rowsFor(message, previous));
    else this.drawList();
    this.drawBottom();
    if (fresh) this.list.lastElementChild.classList.add("fresh");
    if (message.from === "user") this.stuck = true;
    if (this.stuck) this.toEnd(true);
    if (fresh && EFFECTS[message.effect_id]) this.celebrate(EFFECTS[message.effect_id]);
    this.shell.noteUnread();
  }

  onEdited(message) {
    if (!this.messages.has(message.message_id)) return;
    this.messages.set(message.message_id, message);
    this.redraw(message);
    if (this.stuck) this.toEnd();
  }

  onDeleted(ids) {
    for (const id of ids) this.messages.delete(id);
    this.drawList();
    this.drawBottom();
  }

  onUser(user) {
    this.user = user;
    this.drawAll();
  }

  onTyping() {
    clearTimeout(this.typingTimer);
    this.dots.hidden = false;
    this.drawStatus(true);
    if (this.stuck) this.toEnd();
    this.typingTimer = setTimeout(() => this.stopTyping(), 5000);
  }

  stopTyping() {
    clearTimeout(this.typingTimer);
    this.dots.hidden = true;
    this.drawStatus();
  }

  onAnswer({ callback_query_id: id, text, show_alert: alert }) {
    // The answer may be here before the tap's own call is back.
    if (this.taps.has(id)) this.taps.get(id)();
    else this.taps.set(id, null);
    if (!text) return;
    if (alert) this.shell.alert(text);
    else this.say(text);
  }

  say(text) {
    clearTimeout(this.toastTimer);
    this.toast.textContent = text;
    this.toast.hidden = false;
    this.toastTimer = setTimeout(() => { this.toast.hidden = true; }, 2500 + 40 * text.length);
  }

  setOnline(online) { this.online = online; if (this.state) this.drawStatus(); }

  note(message) {
    if (message.from !== "bot" || (this.shell.watches(this) && this.stuck)) return;
    this.unread += 1;
    this.firstUnread ??= message.message_id;
  }

  // The pupil sees the end of the chat: nothing is unread any more. The line stays until then.
  seen() {
    if (!this.shell.watches(this) || !this.stuck) return;
    if (this.unread) { this.unread = 0; this.shell.noteUnread(); }
    this.drawBadge();
    clearTimeout(this.lineTimer);
    if (this.firstUnread !== null) {
      this.lineTimer = setTimeout(() => { this.firstUnread = null; this.list.querySelector(".unread")?.remove(); }, 4000);
    }
  }

  drawBadge() {
    const badge = this.down.lastChild;
    badge.hidden = !this.unread;
    badge.textContent = number(this.unread, this.language);
  }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    this.stuck = scrollHeight - scrollTop - clientHeight < 60;
    this.down.hidden = this.stuck;
    this.drawBadge();
    this.seen();
  }

  toEnd(smooth = false) {
    const calm = !smooth || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: calm ? "instant" : "smooth" });
    this.stuck = true;
    this.down.hidden = true;
    this.seen();
  }

  async send(what) {
    try { await net.say(this.user.id, what); return true; } catch (error) {
      this.say(`${this.words.notSent}: ${error.message}`);
      return false;
    }
  }

  async start() {
    if (this.user.blocked) await net.block(this.user.id, false).catch(() => null);
    await this.send({ text: "/start" });
    this.composer.focus();
  }

  async tap(message, item, button) {
    if (item.copy_text) return navigator.clipboard.writeText(item.copy_text.text).catch(() => null);
    if (!item.callback_data || button.classList.contains("waiting")) return;
    button.classList.add("waiting");
    const done = () => button.classList.remove("waiting");
    try {
      const { callback_query_id: id } = await net.tap(this.user.id, message.message_id, item.callback_data);
      if (this.taps.delete(id)) return done();
      this.taps.set(id, () => { done(); this.taps.delete(id); });
      setTimeout(() => this.taps.get(id)?.(), 12000);
    } catch (error) { done(); this.say(error.message); }
  }

  menu() {
    const { words, user } = this, id = user.id;
    const language = this.language.startsWith("bn") ? "en" : "bn";
    openMenu(this.more, [
      { icon: "globe", text: words.language, act: () => net.addUser({ id, language_code: language }).then(() => this.load()) },
      { icon: "star", text: words.stars, act: () => stars.subscriptions(this).catch((error) => this.say(error.message)) },
      { icon: "block", text: words.block, act: () => net.block(id, true).catch((error) => this.say(error.message)) },
      ...this.shell.extras(words),
      { icon: "close", text: words.hide, act: () => this.shell.close(this) },
    ], { label: words.more });
  }

  celebrate(emoji) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const bits = Array.from({ length: 14 }, (_, i) => h("i", { style: { "--x": `${6 + i * 6.5}%`, "--wait": `${(i * 137) % 600}ms`, "--turn": `${(i * 83) % 90 - 45}deg` } }, emoji));
    const party = h("div", { class: "party", "aria-hidden": "true" }, bits);
    this.log.parentElement.append(party);
    setTimeout(() => party.remove(), 3200);
  }
}
