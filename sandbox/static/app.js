// The page: which pupils are open, side by side or one at a time; events find their chat.

import { Column } from "./column.js";
import { avatar, h, icon } from "./dom.js";
import * as net from "./net.js";
import { number } from "./words.js";

const find = (id) => document.getElementById(id);
const wide = matchMedia("(min-width: 700px)");
const columns = new Map();
const NAMES = { en: ["Amina", "Rafi", "Mitu", "Sohan", "Nila", "Tania"], bn: ["আমিনা", "রাফি", "মিতু", "সোহান", "নীলা", "তানিয়া"] };
let active = null;
let everyone = new Map();
let opening = null;

const remember = (name, value) => { try { localStorage.setItem(`dars.${name}`, JSON.stringify(value)); } catch { /* private window */ } };
const recall = (name) => { try { return JSON.parse(localStorage.getItem(`dars.${name}`)); } catch { return null; } };

const shell = {
  watches: (column) => document.visibilityState === "visible" && (wide.matches || column.user.id === active),
  noteUnread() {
    const total = [...columns.values()].reduce((sum, column) => sum + column.unread, 0);
    document.title = total ? `(${total}) Dars` : "Dars";
    drawTabs();
  },
  alert(text) { find("alert-text").textContent = text; find("alert-dialog").showModal(); },
  showPicture(image) {
    const shown = find("picture").querySelector("img");
    shown.src = image.src;
    shown.alt = image.alt;
    find("picture").showModal();
  },
  // On a phone with one pupil there is no bar on top: its buttons move into the chat's menu.
  extras(words) {
    if (wide.matches) return [];
    return [
      { icon: "plus", text: words.add, act: () => find("add").click() },
      { icon: "moon", text: words.colours, act: () => find("theme").click() },
    ];
  },
  close(column) {
    columns.delete(column.user.id);
    column.root.remove();
    if (active === column.user.id) active = [...columns.keys()].at(-1) ?? null;
    if (active === null) find("add-dialog").showModal();
    arrange();
  },
};

function drawTabs() {
  const tab = ({ user, unread }) => {
    const label = `${user.first_name}${unread ? `, ${unread} unread` : ""}`;
    const badge = unread ? h("span", { class: "badge" }, number(unread, user.language_code)) : null;
    return h("button", { type: "button", class: "tab", "data-user": String(user.id), "aria-label": label, "aria-current": user.id === active ? "true" : null, onclick: () => activate(user.id, true) },
      avatar(user.id, user.first_name), h("span", { class: "tab-name" }, user.first_name), badge);
  };
  const focused = document.activeElement?.closest?.(".tab")?.dataset.user;
  find("tabs").replaceChildren(...[...columns.values()].map(tab));
  if (focused) find("tabs").querySelector(`[data-user="${focused}"]`)?.focus();
}

function arrange() {
  document.body.classList.toggle("one", columns.size < 2);
  for (const column of columns.values()) column.root.classList.toggle("active", column.user.id === active);
  remember("open", [...columns.values()].map(({ user }) => ({ id: user.id, first_name: user.first_name, language_code: user.language_code })));
  remember("active", active);
  shell.noteUnread();
}

function activate(id, focus = false) {
  active = id;
  arrange();
  const column = columns.get(id);
  column.root.scrollIntoView({ inline: "nearest", block: "nearest" });
  column.seen();
  if (focus && wide.matches) column.composer.focus();
}

async function open(user, focus = true) {
  if (!columns.has(user.id)) {
    const column = new Column(user, shell);
    columns.set(user.id, column);
    await column.load();
    find("columns").append(column.root);
    column.root.addEventListener("focusin", () => { if (active !== user.id) { active = user.id; arrange(); } });
    column.toEnd();
  }
  activate(user.id, focus);
}

async function refresh() {
  everyone = new Map((await net.users()).users.map((user) => [user.id, user]));
  if (columns.size) {
    await Promise.all([...columns.values()].map((column) => column.load()));
  } else {
    const before = (recall("open") || []).filter((user) => user && user.id);
    const wanted = recall("active");
    const people = before.length ? before : [...everyone.values()].slice(0, 1);
    if (!people.length) people.push(await net.addUser(newcomer()));
    for (const user of people) await open(everyone.get(user.id) || user, false);
    if (columns.has(wanted)) activate(wanted);
    if (wide.matches) columns.get(active)?.composer.focus();
  }
}

function newcomer() {
  const language = (navigator.language || "en").startsWith("bn") ? "bn" : "en";
  const taken = new Set([...everyone.values()].map((user) => user.first_name));
  return { first_name: NAMES[language].find((name) => !taken.has(name)) || NAMES[language][0], language_code: language };
}

function onEvent(event) {
  if (event.type === "hello" || event.type === "reset") {
    // One load at a time; a second hello while loading asks for one more.
    opening = (opening || Promise.resolve()).then(refresh).catch(() => lost());
    return;
  }
  if (event.type === "bot") { for (const column of columns.values()) column.load().catch(() => null); return; }
  if (event.type === "user") everyone.set(event.user.id, event.user);
  const column = columns.get(event.chat_id ?? event.user_id ?? event.user?.id);
  if (!column || !column.state) return;
  if (event.type === "message") column.onMessage(event.message);
  if (event.type === "edited") column.onEdited(event.message);
  if (event.type === "deleted") column.onDeleted(event.message_ids);
  if (event.type === "typing") column.onTyping();
  if (event.type === "answer") column.onAnswer(event);
  if (event.type === "user") column.onUser(event.user);
}

function lost() { for (const column of columns.values()) column.setOnline(false); }

function drawKnown() {
  const closed = [...everyone.values()].filter((user) => !columns.has(user.id)).slice(0, 50);
  find("known").hidden = !closed.length;
  find("known-list").replaceChildren(...closed.map((user) => h("button", { type: "button", class: "person", onclick: () => { find("add-dialog").close(); open(user); } }, avatar(user.id, user.first_name), user.first_name)));
}

function prepareAdding() {
  const dialog = find("add-dialog"), form = find("add-form");
  find("add").append(icon("plus"));
  const suggest = () => {
    const code = form.language_code.value;
    if (!form.first_name.dataset.typed) form.first_name.value = NAMES[code].find((name) => ![...everyone.values()].some((user) => user.first_name === name)) || "";
  };
  find("add").addEventListener("click", () => {
    delete form.first_name.dataset.typed;
    suggest();
    drawKnown();
    dialog.showModal();
    form.first_name.select();
  });
  form.first_name.addEventListener("input", () => { form.first_name.dataset.typed = "yes"; });
  form.addEventListener("change", suggest);
  find("add-cancel").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async () => {
    const user = await net.addUser({ first_name: form.first_name.value.trim() || newcomer().first_name, language_code: form.language_code.value });
    everyone.set(user.id, user);
    await open(user);
  });
}

function prepareTheme() {
  const button = find("theme"), system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  const draw = () => button.replaceChildren(icon(isDark() ? "sun" : "moon"));
  if (recall("theme")) document.documentElement.dataset.theme = recall("theme");
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    remember("theme", document.documentElement.dataset.theme);
    draw();
  });
  system.addEventListener("change", draw);
  draw();
}

prepareTheme();
prepareAdding();
find("picture").querySelector(".picture-close").append(icon("close"));
find("picture").addEventListener("click", (event) => { if (event.target.tagName !== "BUTTON") find("picture").close(); });
document.addEventListener("visibilitychange", () => { for (const column of columns.values()) if (column.state) column.scrolled(); });
wide.addEventListener("change", arrange);
net.listen(onEvent, lost);
