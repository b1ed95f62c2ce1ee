// Play Stars: the sheet on which somebody agrees to pay, and what they pay again and again.

import { h } from "./dom.js";
import * as net from "./net.js";
import { fullDay, number, wordsFor } from "./words.js";

function open(column, label, ...children) {
  const sheet = h("dialog", { class: "dialog sheet", "aria-label": label, lang: column.root.lang }, children);
  sheet.addEventListener("close", () => sheet.remove());
  document.body.append(sheet);
  sheet.showModal();
  return sheet;
}

const price = (stars, language) => `⭐ ${number(stars, language)}`;

// `what` is a message_id or a link, as the sandbox takes it.
export async function pay(column, what) {
  const { language, words } = column;
  let invoice;
  try { invoice = await net.invoice(column.user.id, what); } catch (error) { column.say(error.message); return; }
  const amount = price(invoice.total_amount, language);
  const trouble = h("p", { class: "trouble", role: "alert", hidden: true });
  const cancel = h("button", { type: "button", class: "quiet", onclick: () => sheet.close() }, words.cancel);
  const agree = h("button", { type: "button", class: "strong" }, words.pay(amount));
  const every = invoice.subscription_period ? h("p", { class: "every" }, words.every(invoice.subscription_period, (n) => number(n, language))) : null;
  const sheet = open(column, words.confirm,
    h("div", { class: "star", "aria-hidden": "true" }, "⭐"), h("h2", {}, words.confirm), h("p", { class: "what" }, h("b", {}, invoice.title), h("span", {}, invoice.description)),
    h("p", { class: "amount" }, amount), every, h("p", { class: "dialog-hint" }, words.play), trouble, h("div", { class: "dialog-actions" }, cancel, agree));
  agree.addEventListener("click", async () => {
    agree.disabled = true;
    agree.classList.add("waiting");
    trouble.hidden = true;
    const result = await net.pay(column.user.id, what).catch((error) => ({ status: "failed", error: error.message }));
    if (result.status === "paid") { sheet.close(); return; }
    trouble.textContent = result.error === "BOT_PRECHECKOUT_TIMEOUT" ? words.silent : result.error;
    trouble.hidden = false;
    agree.disabled = false;
    agree.classList.remove("waiting");
  });
  agree.focus();
}

export async function subscriptions(column) {
  const { language, words } = column, id = column.user.id;
  const list = h("div", { class: "subscriptions" });
  const close = h("button", { type: "button", class: "strong", onclick: () => sheet.close() }, words.close);
  const sheet = open(column, words.stars, h("h2", {}, words.stars), h("p", { class: "dialog-hint" }, words.play), list, h("div", { class: "dialog-actions" }, close));
  const draw = async () => {
    const { subscriptions: found } = await net.stars(id);
    const act = (charge, deed) => net.changeStars(id, charge, deed).then(draw).catch((error) => column.say(error.message));
    const deeds = { active: ["cancel", "renew", "fail"], canceled: ["enable"], failed: [] };
    const row = (one) => h("section", { class: "subscription" },
      h("b", {}, one.invoice.title), h("span", {}, `${price(one.invoice.total_amount, language)} · ${words.states[one.state](fullDay(one.until, language))}`),
      h("div", { class: "deeds" }, deeds[one.state].map((deed) => h("button", { type: "button", class: "quiet", onclick: () => act(one.id, deed) }, words.deeds[deed]))));
    list.replaceChildren(...(found.length ? found.map(row) : [h("p", {}, words.noSubscriptions)]));
  };
  await draw();
}

export function serviceLine(message, language) {
  const words = wordsFor(language), paid = message.successful_payment, back = message.refunded_payment;
  const text = paid ? words.youPaid(price(paid.total_amount, language)) : words.cameBack(price(back.total_amount, language));
  return h("div", { class: "day", "data-id": message.message_id, "data-from": message.from }, h("span", {}, text));
}
