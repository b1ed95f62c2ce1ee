// Words of the chat's own frame, in the pupil's language; the bot's words are the bot's.

const WORDS = {
  en: {
    start: "Start", restart: "Unblock and start again", message: "Message", menu: "Menu", send: "Send",
    unread: "Unread messages", today: "Today", yesterday: "Yesterday", typing: "typing",
    connecting: "connecting…", bot: "bot", attach: "Send something else", photo: "Photo", sticker: "Sticker",
    voice: "Voice message", document: "File", edited: "edited", edit: "Edit this message", editing: "Edit message",
    cancel: "Cancel", more: "More", block: "Block the bot", hide: "Close this chat", language: "Use Telegram in Bangla",
    what: "What can this bot do?", begin: "Press Start to begin, as in Telegram.", blocked: "You blocked this bot.",
    latest: "Go to the latest message", commands: "Commands", you: "You", location: "Location", contact: "Contact",
    notSent: "Not sent", noCommands: "This bot has no command menu", picture: "Picture", open: "Open the picture",
    chatOf: (name, bot) => `Chat of ${name} with ${bot}`, keyboard: "Keyboard of the bot", unfold: "The whole quotation", reaction: (sign) => `Reaction ${sign}`,
    stars: "Stars", confirm: "Confirm the payment", pay: (amount) => `Pay ${amount}`, play: "Play money: nothing real is paid here.",
    every: (seconds, n) => (seconds % 86400 ? `Again every ${n(seconds)} seconds, until it is ended` : `Again every ${n(seconds / 86400)} days, until it is ended`),
    silent: "The bot did not answer in ten seconds. Nothing was paid.", close: "Close", noSubscriptions: "No subscriptions.",
    youPaid: (amount) => `You paid ${amount}`, cameBack: (amount) => `${amount} came back to you`,
    states: { active: (day) => `renews on ${day}`, canceled: (day) => `ended, lasts until ${day}`, failed: (day) => `not paid, lasts until ${day}` },
    deeds: { cancel: "End it", enable: "Let it go on", renew: "Let the time pass", fail: "Let the payment fail" }, add: "Add a pupil", colours: "Dark or light",
  },
  bn: {
    start: "শুরু করো", restart: "আনব্লক করে আবার শুরু করো", message: "বার্তা", menu: "মেনু", send: "পাঠাও",
    unread: "অপঠিত বার্তা", today: "আজ", yesterday: "গতকাল", typing: "লিখছে",
    connecting: "সংযোগ হচ্ছে…", bot: "বট", attach: "অন্য কিছু পাঠাও", photo: "ছবি", sticker: "স্টিকার",
    voice: "ভয়েস বার্তা", document: "ফাইল", edited: "সম্পাদিত", edit: "এই বার্তা সম্পাদনা করো", editing: "বার্তা সম্পাদনা",
    cancel: "বাতিল", more: "আরও", block: "বটকে ব্লক করো", hide: "এই চ্যাট বন্ধ করো", language: "টেলিগ্রাম ইংরেজিতে ব্যবহার করো",
    what: "এই বট কী করতে পারে?", begin: "শুরু করতে নিচের বোতামে চাপ দাও।", blocked: "তুমি এই বটকে ব্লক করেছ।",
    latest: "সর্বশেষ বার্তায় যাও", commands: "কমান্ড", you: "তুমি", location: "অবস্থান", contact: "যোগাযোগ",
    notSent: "পাঠানো যায়নি", noCommands: "এই বটের কোনো কমান্ড মেনু নেই", picture: "ছবি", open: "ছবি বড় করে দেখো",
    chatOf: (name, bot) => `${bot}-এর সঙ্গে ${name}-এর চ্যাট`, keyboard: "বটের কিবোর্ড", unfold: "পুরো উদ্ধৃতি", reaction: (sign) => `প্রতিক্রিয়া ${sign}`,
    stars: "স্টার", confirm: "দাম দেওয়া নিশ্চিত করো", pay: (amount) => `${amount} দাও`, play: "খেলার টাকা: এখানে সত্যিকারের কিছুই দিতে হয় না।",
    every: (seconds, n) => (seconds % 86400 ? `বন্ধ না করা পর্যন্ত প্রতি ${n(seconds)} সেকেন্ডে একবার` : `বন্ধ না করা পর্যন্ত প্রতি ${n(seconds / 86400)} দিনে একবার`),
    silent: "বট দশ সেকেন্ডেও উত্তর দেয়নি। কিছুই কাটা হয়নি।", close: "ঠিক আছে", noSubscriptions: "কোনো সাবস্ক্রিপশন নেই।",
    youPaid: (amount) => `তুমি ${amount} দিয়েছ`, cameBack: (amount) => `${amount} ফেরত এসেছে`,
    states: { active: (day) => `নবায়ন ${day}`, canceled: (day) => `বন্ধ, থাকবে ${day} পর্যন্ত`, failed: (day) => `দাম দেওয়া যায়নি, থাকবে ${day} পর্যন্ত` },
    deeds: { cancel: "সাবস্ক্রিপশন বন্ধ করো", enable: "আবার চালু করো", renew: "সময় পার হতে দাও", fail: "দাম দেওয়া ব্যর্থ হোক" }, add: "আরেকজন শিক্ষার্থী", colours: "গাঢ় বা হালকা রং",
  },
};

export const wordsFor = (code) => WORDS[(code || "en").startsWith("bn") ? "bn" : "en"];
const locale = (code) => ((code || "en").startsWith("bn") ? "bn-BD" : "en-GB");

export function clockTime(seconds, code) {
  const form = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat(locale(code), form).format(seconds * 1000);
}

export function dayName(seconds, code) {
  const day = new Date(seconds * 1000), words = wordsFor(code), now = new Date();
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (day.toDateString() === now.toDateString()) return words.today;
  if (day.toDateString() === yesterday.toDateString()) return words.yesterday;
  return new Intl.DateTimeFormat(locale(code), { day: "numeric", month: "long" }).format(day);
}

export const fullDay = (seconds, code) => new Intl.DateTimeFormat(locale(code), { day: "numeric", month: "long", year: "numeric" }).format(seconds * 1000);

export const number = (value, code) => new Intl.NumberFormat(locale(code)).format(value);
