// The bottom of a chat: menu button, text field, attachments, the bot's own keyboard, Start.

import { h, icon, openMenu } from "./dom.js";
import { wordsFor } from "./words.js";

const base64 = (file) => new Promise((done, fail) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result.split(",")[1] || "");
  reader.onerror = fail;
  reader.readAsDataURL(file);
});

export class Composer {
  // `send` takes what the pupil's side of the sandbox takes; it resolves to false when it failed.
  constructor({ send, start, lastOwn }) {
    Object.assign(this, { send, start, lastOwn, commands: [], shown: [], chosen: 0, editing: null });
    this.field = h("textarea", { class: "field-text", rows: "1", maxlength: "4096", enterkeyhint: "send", "aria-autocomplete": "list",
      oninput: () => this.changed(), onkeydown: (event) => this.key(event), onblur: () => setTimeout(() => { if (!this.root.contains(document.activeElement)) this.suggest([]); }, 150) });
    this.menuButton = h("button", { type: "button", class: "menu-button", "aria-expanded": "false", onclick: () => this.toggleCommands() }, icon("menu"), h("span"));
    this.attach = h("button", { type: "button", class: "icon-button", "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => this.attachMenu() }, icon("clip"));
    this.sendButton = h("button", { type: "submit", class: "send" }, icon("send"));
    this.file = h("input", { type: "file", hidden: true, onchange: () => this.upload() });
    this.suggestions = h("div", { class: "suggestions", role: "listbox", hidden: true, onpointerdown: (event) => event.preventDefault() });
    this.banner = h("div", { class: "editing", hidden: true });
    this.form = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      this.menuButton, h("div", { class: "field-box" }, this.field, h("span", { class: "anchor" }, this.attach)), this.sendButton, this.file);
    this.replies = h("div", { class: "replies", role: "group", hidden: true });
    this.startButton = h("button", { type: "button", class: "start", onclick: () => this.start() });
    this.root = h("footer", { class: "bottom" }, this.suggestions, this.banner, this.form, this.replies, this.startButton);
  }

  // Shows what the state of the chat asks for: a Start button, or the field.
  update({ language, commands, started, blocked, messages }) {
    const words = wordsFor(language);
    this.words = words;
    this.commands = commands;
    this.field.placeholder = words.message;
    this.field.setAttribute("aria-label", words.message);
    this.menuButton.lastChild.textContent = words.menu;
    this.menuButton.setAttribute("aria-label", words.commands);
    this.menuButton.hidden = !commands.length;
    this.attach.setAttribute("aria-label", words.attach);
    this.attach.title = words.attach;
    this.sendButton.setAttribute("aria-label", words.send);
    this.suggestions.setAttribute("aria-label", words.commands);
    this.replies.setAttribute("aria-label", words.keyboard);
    const leaving = document.activeElement === this.startButton;
    this.startButton.textContent = blocked ? words.restart : words.start;
    this.startButton.hidden = started && !blocked;
    this.form.hidden = !this.startButton.hidden;
    if (leaving) this.focus();
    this.drawReplies(messages);
  }

  drawReplies(messages) {
    const last = messages.findLast((message) => message.from === "bot" && ["keyboard", "remove_keyboard", "force_reply"].some((kind) => kind in message.reply_markup));
    const keyboard = last?.reply_markup.keyboard || [];
    this.replies.hidden = !keyboard.length || this.form.hidden;
    this.field.placeholder = last?.reply_markup.input_field_placeholder || this.words.message;
    const button = ({ text }) => h("button", { type: "button", onclick: () => this.send({ text }) }, text);
    this.replies.replaceChildren(...keyboard.map((row) => h("div", { class: "keys" }, row.map(button))));
  }

  // On a phone a focused field calls the keyboard up, over half of the chat: only a tap does that.
  focus() { if (!matchMedia("(pointer: coarse)").matches) (this.form.hidden ? this.startButton : this.field).focus({ preventScroll: true }); }

  changed() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 160)}px`;
    this.sendButton.classList.toggle("ready", Boolean(this.field.value.trim()));
    const typed = /^\/(\w*)$/.exec(this.field.value);
    this.suggest(typed ? this.commands.filter(({ command }) => command.startsWith(typed[1].toLowerCase())) : []);
  }

  suggest(commands) {
    this.shown = commands;
    this.chosen = 0;
    this.suggestions.hidden = !commands.length;
    this.menuButton.setAttribute("aria-expanded", String(Boolean(commands.length)));
    this.suggestions.replaceChildren(...commands.map(({ command, description }, index) =>
      h("button", { type: "button", role: "option", tabindex: "-1", "aria-selected": String(index === 0), onclick: () => this.pick(command) }, h("b", {}, `/${command}`), h("span", {}, description))));
  }

  toggleCommands() {
    const open = !this.suggestions.hidden;
    this.suggest(open ? [] : this.commands);
    this.field.focus();
  }

  async pick(command) {
    this.suggest([]);
    this.setText("");
    await this.send({ text: `/${command}` });
    this.field.focus();
  }

  key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (this.shown.length) {
      if (step) { event.preventDefault(); return this.choose(step); }
      if (event.key === "Tab" && !event.shiftKey) { event.preventDefault(); return this.setText(`/${this.shown[this.chosen].command} `); }
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); return this.pick(this.shown[this.chosen].command); }
    }
    if (event.key === "Escape") { this.suggest([]); this.stopEditing(); }
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.submit(); }
    if (event.key === "ArrowUp" && !this.field.value && this.lastOwn()) { event.preventDefault(); this.edit(this.lastOwn()); }
  }

  choose(step) {
    const options = [...this.suggestions.children];
    this.chosen = (this.chosen + step + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.chosen)));
    options[this.chosen].scrollIntoView({ block: "nearest" });
  }

  setText(text) { this.field.value = text; this.changed(); }

  edit(message) {
    this.editing = message.message_id;
    const stop = h("button", { type: "button", class: "icon-button", "aria-label": this.words.cancel, onclick: () => this.stopEditing() }, icon("close"));
    this.banner.replaceChildren(icon("pencil"), h("span", {}, h("b", {}, this.words.editing), h("span", {}, message.text)), stop);
    this.banner.hidden = false;
    this.setText(message.text);
    this.field.focus();
  }

  stopEditing() {
    if (this.editing === null) return;
    this.editing = null;
    this.banner.hidden = true;
    this.setText("");
    this.field.focus();
  }

  async submit() {
    const text = this.field.value.trim(), edit = this.editing;
    if (!text) return;
    this.stopEditing();
    this.setText("");
    const sent = await this.send(edit === null ? { text } : { edit, text });
    // What could not be sent goes back into the field, unless the pupil typed on.
    if (sent === false && !this.field.value) this.setText(text);
    this.field.focus();
  }

  attachMenu() {
    const pick = (accept) => { this.file.accept = accept; this.file.value = ""; this.file.click(); };
    openMenu(this.attach, [
      { icon: "image", text: this.words.photo, act: () => pick("image/png,image/jpeg,image/gif,image/webp") },
      { icon: "file", text: this.words.document, act: () => pick("") },
      { icon: "smile", text: this.words.sticker, act: () => this.send({ sticker: "🦉" }) },
      { icon: "mic", text: this.words.voice, act: () => this.send({ voice: 4 }) },
    ], { above: true, label: this.words.attach });
  }

  async upload() {
    const file = this.file.files[0];
    if (!file) return;
    const data = await base64(file), caption = this.field.value.trim() || undefined;
    this.setText("");
    const document = { file_name: file.name, mime_type: file.type || "application/octet-stream", data };
    await this.send(this.file.accept ? { photo: data, caption } : { document, caption });
  }
}
