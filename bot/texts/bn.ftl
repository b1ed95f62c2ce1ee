## Registration

ask-language = 👋 <b>দরস</b>-এ স্বাগতম: প্রতিদিন পাঁচটি অঙ্ক, তোমার নিজের ভাষায়। তুমি কোন ভাষা চাও?
ask-language-again = 🌐 তুমি কোন ভাষা চাও?
language-set = ভাষা: বাংলা ✅
ask-consent =
    তোমার কিছু তথ্য কি রাখতে পারি? টেলিগ্রামে দেওয়া তোমার নামের প্রথম অংশ, শ্রেণি, সময় অঞ্চল আর উত্তরগুলো, যাতে তোমার জন্য ভালো অঙ্ক বেছে নিতে পারি।

    শুধু যাঁরা দরস চালান, তাঁরাই এগুলো দেখতে পারেন, যেমন তুমি কোনো উত্তর আবার দেখতে বললে। যেকোনো সময় সব মুছে ফেলতে পারো: /delete। আরও জানতে: /privacy।

    এতে কি তুমি রাজি? তোমার বয়স ১৩ বছরের কম হলে আগে মা-বাবাকে জিজ্ঞেস করে নাও।
button-consent = ✅ হ্যাঁ, আমি রাজি
button-no-consent = এখন নয়
consent-set = ধন্যবাদ ✅
no-consent = ঠিক আছে, ভেবে দেখো। তোমার কিছুই রাখা হয়নি। কোনো দিন শুরু করতে চাইলে /start পাঠিয়ো। 🌱
ask-grade = তুমি কোন শ্রেণিতে পড়ো?
grade-name-6 = ৬ষ্ঠ শ্রেণি
grade-name-7 = ৭ম শ্রেণি
grade-name-8 = ৮ম শ্রেণি
ask-grade-again = বোতামটি পুরোনো। তুমি এখন { $name }তে আছ। কোন শ্রেণি রাখব?
grade-set = { $name } ✅
ask-timezone = তুমি কোথায় থাকো? তোমার এলাকার সময় ধরে দিন গোনা হবে।
button-home-zone = 🇧🇩 বাংলাদেশ
button-other-zone = অন্য কোথাও
ask-other-timezone = একটি শহর বেছে নাও, অথবা তোমার শহরের বা কাছের বড় কোনো শহরের নাম লেখো, যেমন <i>সিডনি</i>।
timezone-set = সময় অঞ্চল: { $zone } ✅
timezone-unknown = জায়গাটি আমি এখনও চিনি না। কাছের আরও বড় কোনো শহরের নাম লিখবে?
question-waits = এটি যদি প্রশ্নের উত্তর হয়ে থাকে: এতে তোমার কোনো চেষ্টা কমেনি। প্রশ্নে ফিরে গিয়ে উত্তরটি আবার পাঠাও।
ask-first-nudges = শেষ প্রশ্ন: যেদিন অনুশীলন করোনি, সেদিন কি মনে করিয়ে দেব? সময় বেছে নাও; না চাইলে শেষ বোতামে চাপ দাও।
nudges-none = 🔕 মনে করিয়ে দেব না। চাইলে /settings থেকে চালু করতে পারবে।
registered = 🎉 সব তৈরি! পাঁচটি অঙ্ক তোমার অপেক্ষায় আছে। বাংলা বা ইংরেজি সংখ্যায় উত্তর লিখতে পারো, ইঙ্গিত নিতে পারো, কিংবা এড়িয়ে যেতে পারো। তাড়াহুড়ো নয়, চেষ্টাটাই আসল।
welcome-back = তোমাকে আবার দেখে ভালো লাগছে! 😊
not-registered = আমাদের পরিচয়পর্ব এখনও শেষ হয়নি। চলো, শেষ করি।
tap-a-button = নিচের বোতামগুলোর একটিতে চাপ দাও।

## A session

button-start = ▶️ আজকের পাঁচটি অঙ্ক শুরু করো
button-go-on = ▶️ এগিয়ে চলো
button-back = ↩️ { $number } নম্বর প্রশ্নে ফিরে যাও
button-another = 🔁 আরও পাঁচটি অঙ্ক
button-missed-again = 🎯 যেটি মেলেনি, আবার করি
session-begins = চলো শুরু করি: পাঁচটি অঙ্ক, একটির পর একটি। 🌱
reply-to-older = ↩️ তুমি আগের একটি বার্তার জবাব দিয়েছ, তাই এটি বিচার করিনি। কোন প্রশ্নের উত্তর দিচ্ছ? এই প্রশ্নের উত্তর হলে জবাব (reply) ছাড়া সরাসরি লেখো:
resumed = তুমি একটি অনুশীলনের মাঝখানে আছ। এই যে তোমার প্রশ্ন:
session-expired = ওই অনুশীলনটি এক দিনের বেশি আগের, তাই সেটি বন্ধ করেছি। তুমি যা করেছ তা রাখা আছে। এই নাও নতুন পাঁচটি অঙ্ক:
question-heading = <b>প্রশ্ন { $number } / { $total }</b> · প্রায় { $minutes } মিনিট
question-text = { $text }
question-stretch = 🌟 <i>পরপর পাঁচটি ঠিক করেছ! তাই এবারেরটি ইচ্ছে করেই একটু কঠিন।</i>
question-choice = { $letter }) { $text }
question-how-typed = ✏️ <i>তোমার উত্তর লেখো।</i>
question-how-choice = 👇 <i>উত্তরে চাপ দাও, অথবা অক্ষরটি লেখো।</i>
question-how-boolean = 👇 <i>সত্য না মিথ্যা? উত্তরে চাপ দাও।</i>
question-how-yes-no = 👇 <i>হ্যাঁ নাকি না? উত্তরে চাপ দাও।</i>
button-true = সত্য
button-false = মিথ্যা
button-yes = হ্যাঁ
button-no = না
button-hint = 💡 ইঙ্গিত { $step }/{ $total }
button-in-words = 💬 ছবিটি কথায়
figure-in-words = 💬 { $text }
button-skip = ⏭ এড়িয়ে যাও
hint = 💡 <b>ইঙ্গিত { $step } / { $total }।</b> { $text }
no-more-hints = এই প্রশ্নের সব ইঙ্গিত তুমি দেখেছ। যা জেনেছ তা দিয়ে চেষ্টা করো, ভুল হলেও ক্ষতি নেই। অথবা এড়িয়ে যাও, আমি সমাধানটি দেখিয়ে দেব।
hint-made = 💡 <b>তোমার জন্য একটি ইঙ্গিত।</b> { $text }
hint-for-question = 💬 { $text }
hint-thinking = 💭 একটু ভাবছি…
hint-no-budget = 🌙 আজ অনেক ইঙ্গিত ভেবেছি, এখন একটু বিশ্রাম দরকার। তাই আগে থেকে তৈরি এই ইঙ্গিতটি দেখো:
question-heard = 💬 জিজ্ঞেস করে ভালো করেছ! এতে তোমার কোনো চেষ্টা কমেনি।
stuck-heard = 🤗 কোনো সমস্যা নেই, এতে তোমার কোনো চেষ্টা কমেনি। এটি দেখো:
offer-solution = 📖 সমাধানটি দেখিয়ে দেব? এরপর পরের প্রশ্নে যাব। চাইলে আগে আরেকবার চেষ্টা করো, ভুল হলেও ক্ষতি নেই।
button-show-solution = 📖 সমাধান দেখাও
heard-thanks = 😊 তোমাকেও ধন্যবাদ! তুমি আছ বলে ভালো লাগছে।
heard-feeling = 🌱 অঙ্ক করতে করতে ক্লান্ত লাগতেই পারে। তবু তুমি চেষ্টা করছ, এটাই বড় কথা। একটু একটু করে এগোও, আর ইঙ্গিত নিলে কিছুই কমে না।
heard-greeting = 👋 শুভেচ্ছা! তোমাকে দেখে ভালো লাগছে।
heard-who = 🤖 আমি <b>দরস</b>, একটি কম্পিউটার প্রোগ্রাম। তোমার সঙ্গে অঙ্ক অনুশীলন করি: প্রতিদিন পাঁচটি অঙ্ক, সঙ্গে ইঙ্গিত। আমি মানুষ নই।
heard-harder = 💪 দারুণ! অঙ্ক যত মেলাবে, তত কঠিন অঙ্ক পাবে: প্রতিটি সঠিক উত্তরই হিসাবে ধরা হয়।
heard-easier = 🌱 কোনো সমস্যা নেই। অঙ্ক না মিললে পরের পাঁচটি সহজ হবে। আর এটির জন্য ইঙ্গিত আছে।
heard-yes = 👍 বেশ! এবার তোমার পালা।
heard-no = 🙂 ঠিক আছে। সময় নিয়ে ভেবে দেখো।
heard-dispute = 🙋 তোমার কথা ঠিক হতেই পারে! তোমার উত্তরের নিচে “আমার মনে হয় ঠিক ছিল” বোতামে চাপ দাও, একজন মানুষ দেখবেন।
right-1 = ✅ ঠিক হয়েছে!
right-2 = ✅ হ্যাঁ! সুন্দর হয়েছে।
right-3 = ✅ সঠিক। দারুণ ভেবেছ!
right-4 = ✅ একদম ঠিক!
how-sure = 💭 আগের উত্তরটি নিয়ে তুমি কতটা নিশ্চিত ছিলে?
button-sure-low = আন্দাজ করেছি
button-sure-medium = মোটামুটি নিশ্চিত
button-sure-high = পুরোপুরি নিশ্চিত
button-sure-skip = বলতে চাই না
confidence-kept = ধন্যবাদ!
i-read = 👂 আমি বুঝেছি: <b>{ $text }</b>
not-yet = 🤔 এখনও ঠিক হয়নি।
not-this-time = 🤝 এবার হলো না, তবে এভাবেই আমরা শিখি। চলো একসাথে দেখি।
mistake = { $text }
mistake-noticed =
    🔎 একটি জিনিস চোখে পড়ল, কয়েকটি অঙ্কেই এটি এসেছে: <b>{ $name }</b>।
    { $lesson }
    পরের পাঁচটির মধ্যে এটি অনুশীলনের একটি অঙ্ক থাকবে।
tries-left = আরও { $left } বার চেষ্টা করতে পারবে।
more-hints = চাইলে ইঙ্গিতও নিতে পারো।
solution =
    📖 <b>সমাধান</b>
    { $text }
solution-folded =
    📖 <b>সমাধান</b>
    <blockquote expandable>{ $text }</blockquote>
skipped = ⏭ এড়িয়ে গেলে। অন্য কোনো দিন এটি আবার আসতে পারে।
button-next = ➡️ পরের প্রশ্ন
button-way = 📖 সমাধানের পথ: প্রশ্ন { $number }
next-waits = 📖 সমাধানটি সময় নিয়ে দেখো। তৈরি হলে নিচের বোতামে চাপ দাও, পরের প্রশ্ন আসবে।
late-right = ✅ হ্যাঁ, এবার ঠিক হয়েছে! প্রশ্নটি আগেই শেষ হয়ে গিয়েছিল, তাই নম্বর বদলায়নি। তবু হাল না ছাড়ার জন্য সাবাশ।
late-counts = ✅ ঠিক হয়েছে! ততক্ষণে পর্বটি শেষ হয়ে গিয়েছিল, তবে অঙ্কটি সমাধান হয়েছে বলেই ধরা হলো।
button-dispute = 🙋 আমার মনে হয় ঠিক ছিল
dispute-notice = লিখে রাখলাম। ধন্যবাদ!
dispute-kept = জানানোর জন্য ধন্যবাদ। একজন মানুষ তোমার উত্তরটি দেখবেন। এতে তোমার কোনো ক্ষতি নেই; চলো এগিয়ে যাই।
dispute-question = <i>{ $text }</i>
dispute-accepted = 🙋 একজন মানুষ তোমার উত্তর <b>{ $typed }</b> দেখেছেন। তুমিই ঠিক ছিলে! এখন এটি সঠিক বলে ধরা হয়েছে। জানানোর জন্য ধন্যবাদ।
dispute-declined = 🙋 একজন মানুষ তোমার উত্তর <b>{ $typed }</b> দেখেছেন। এবার প্রশ্নে যা চাওয়া হয়েছিল, তার সাথে এটি মেলেনি। জানতে চেয়ে ভালো করেছ।
dispute-go-on = তুমি এটি নিয়ে আরও চেষ্টা করতে পারো।
dispute-too-late = আগের উত্তরটি আর আমার কাছে নেই। তবে শেষ উত্তরটি নিয়ে জানাতে পারো।
offer-steps = 🧩 চলো, ধাপে ধাপে করি?
button-steps = 🧩 ধাপে ধাপে
step = 🧩 <b>ধাপ { $number } / { $total }।</b> { $text }
step-right = ✅ ঠিক!
step-wrong = 🤔 এখনও ঠিক হয়নি। এই ধাপটি আরেকবার করো, এতে চেষ্টা কমে না।
step-again = 🤔 এটি এই ধাপের উত্তর হিসেবে পড়তে পারিনি। শুধু উত্তরটি লেখো, এতে চেষ্টা কমে না।
step-shown = এখানে হবে { $answer }। এখান থেকে এগোই।
steps-done = সব টুকরো এখন তোমার হাতে। এবার আবার প্রশ্নটি:
no-try-lost = এতে তোমার কোনো চেষ্টা কমেনি। আবার উত্তর দাও।

## Answers to be asked for again

wrong-form = 👍 তুমি ঠিক পথেই আছ: মান ঠিক আছে, তবে প্রশ্নে অন্য আকারে চাওয়া হয়েছে। প্রশ্নটি আরেকবার দেখো।
wrong-form-lowest-terms = 👍 মান ঠিক আছে! এবার লঘিষ্ঠ আকারে লেখো।
wrong-form-unevaluated = 👍 এতে সঠিক মানই পাওয়া যায়! এবার হিসাব শেষ করে শুধু ফলটি লেখো।
wrong-form-factored = 👍 রাশিটি সমান! এবার উৎপাদকের গুণফল আকারে লেখো।
wrong-form-prime-factors = 👍 মান ঠিক আছে! এবার মৌলিক সংখ্যার গুণফল আকারে লেখো।
wrong-form-scientific = 👍 মান ঠিক আছে! এবার বৈজ্ঞানিক আকারে লেখো, যেমন ৩.২ × ১০^৫।
wrong-form-unreduced-integer = 👍 মান ঠিক আছে! ভগ্নাংশটি আসলে একটি পূর্ণসংখ্যা: সেটিই লেখো।
wrong-form-expanded = 👍 রাশিটি সমান! এবার গুণ করে সদৃশ পদগুলো একসাথে করে লেখো।
wrong-form-simplified = 👍 রাশিটি সমান! এবার যতটা পারো সরল করো।
wrong-form-decimal = 👍 মান ঠিক আছে! এবার দশমিকে লেখো।
wrong-form-percent-form = 👍 তুমি ঠিক পথেই আছ! এবার শতকরায় লেখো, % চিহ্নসহ।
wrong-form-ratio-form = 👍 তুমি ঠিক পথেই আছ! এবার অনুপাত আকারে লেখো, যেমন ২:৩।
wrong-form-set-braces = 👍 উপাদানগুলো ঠিক আছে! এবার দ্বিতীয় বন্ধনীর ভেতরে সেট আকারে লেখো।
wrong-form-other-unit = 📏 পরিমাণ ঠিক আছে! এবার প্রশ্নে যে এককে চাওয়া হয়েছে, সেই এককে লেখো।
wrong-form-unsolved = 👍 তুমি ঠিক পথেই আছ! এবার শেষ পর্যন্ত সমাধান করো।
wrong-form-in-pi = 👍 তুমি ঠিক পথেই আছ! এবার π রেখেই লেখো, যেমন ৫π।
wrong-form-one-digit = 👍 সংখ্যাটি ঠিকই ধরেছ! তবে চাওয়া হয়েছে শুধু একটি অঙ্ক: শুধু সেটিই লেখো।
wrong-form-another-unit = 📏 সংখ্যাটি ঠিক আছে! এবার এককটা দেখো।
wrong-form-rounded = 👍 মানটি ঠিক, তবে আসন্ন। প্রশ্নে যেমন চাওয়া হয়েছে, ঠিক সেভাবে পুরো মানটি লেখো।
wrong-form-copied-from-question = 🔍 এটি প্রশ্নেই দেওয়া আছে। এবার প্রশ্নে যা করতে বলা হয়েছে তা করো।
unreadable = 🔍 এটি উত্তর হিসেবে পড়তে পারলাম না।
unreadable-empty = 🔍 তোমার বার্তায় কোনো উত্তর খুঁজে পেলাম না।
unreadable-too-long = 🔍 এত বড় লেখা আমি পড়তে পারি না। শুধু উত্তরটি পাঠাও।
unreadable-no-answer = 🤗 এখনও নিশ্চিত নও? কোনো সমস্যা নেই। আন্দাজ করেও দেখতে পারো।
looks-like-number = 🔢 এখানে একটি সংখ্যা লিখতে হবে, যেমন { $example }।
looks-like-fraction = 🔢 এখানে একটি ভগ্নাংশ লিখতে হবে, যেমন { $example }।
looks-like-decimal = 🔢 এখানে একটি দশমিক সংখ্যা লিখতে হবে, যেমন { $example }।
looks-like-percent = 🔢 এখানে শতকরা হার লিখতে হবে, যেমন { $example }।
looks-like-money = 🔢 এখানে টাকার পরিমাণ লিখতে হবে, যেমন { $example } টাকা।
looks-like-quantity = 📏 এখানে এককসহ একটি সংখ্যা লিখতে হবে, যেমন { $example } সেমি। কোন এককে চাওয়া হয়েছে, দেখে নাও।
looks-like-angle = 📐 এখানে কোণের মান ডিগ্রিতে লিখতে হবে, যেমন { $example }।
looks-like-ratio = 🔢 এখানে একটি অনুপাত লিখতে হবে, যেমন { $example }।
looks-like-expression = 🔢 এখানে একটি রাশি লিখতে হবে, যেমন { $example }।
looks-like-inequality = 🔢 এখানে একটি অসমতা লিখতে হবে, যেমন { $example }।
looks-like-tuple = 🔢 এখানে দুটি মান একসাথে লিখতে হবে, যেমন { $example }।
looks-like-set = 🔢 এখানে একটি সেট লিখতে হবে, যেমন { $example }।
looks-like-list = 🔢 এখানে কমা দিয়ে কয়েকটি সংখ্যা লিখতে হবে, যেমন { $example }।
looks-like-boolean = 👇 নিচের দুটি উত্তরের একটিতে চাপ দাও।
looks-like-choice = 👇 নিচের উত্তরগুলোর একটিতে চাপ দাও, বা তার অক্ষরটি লেখো: ক, খ, …
looks-like-text = ✏ এখানে একটি বা দুটি শব্দ লিখতে হবে, বাংলায় বা ইংরেজিতে।
hint-or-skip = একটি ইঙ্গিত নিতে পারো, অথবা এড়িয়ে যাও: সমাধানটি দেখিয়ে দেব।
or-skip = চাইলে এড়িয়ে যেতে পারো: সমাধানটি দেখিয়ে দেব।
unreadable-number-words = 🔢 সংখ্যাটি অঙ্কে লেখো।
unreadable-several-answers = 🔍 একাধিক উত্তর দেখছি। কোনটি তোমার উত্তর?
unreadable-unknown-unit = 📏 এই এককটি আমি চিনি না। শুধু সংখ্যাটি লেখো, বা এককটি অন্যভাবে লেখো।
unreadable-unexpected-unit = 📏 এই এককটি এখানে মেলে না। প্রশ্নটি আবার দেখে সংখ্যাটি লেখো।
unreadable-not-a-choice = 👇 উত্তরগুলোর একটিতে চাপ দাও, বা তার অক্ষরটি লেখো।
unreadable-not-true-or-false = 👇 দুটি উত্তরের একটিতে চাপ দাও।
unreadable-power-or-product = 🔍 এটি কি ঘাত, নাকি গুণফল? x এর বর্গ হলে x^২ লেখো।
unreadable-ambiguous-division = 🔍 কোনটিকে কী দিয়ে ভাগ করা হয়েছে, বুঝতে পারছি না। বন্ধনী দাও: ১/(২x)।
unreadable-dash-or-minus = 🔍 এটি ড্যাশ, নাকি বিয়োগ চিহ্ন? শুধু উত্তরটি লেখো, যেমন ৭ বা -৭।
unreadable-list-unclear = 🔍 সংখ্যাগুলোর মাঝে কমা দাও: ২, ৩, ৫।
unreadable-misspelt = ✏️ প্রায় হয়ে গেছে! বানানটি আরেকবার দেখো।
unreadable-part-missing = ✌️ এখানে একের বেশি মান চাওয়া হয়েছে। সবগুলো একসাথে লেখো, যেমন (২, ৫)।
unreadable-missing-brackets = 🔍 কোনটুকু একসাথে, তা বন্ধনী দিয়ে বোঝাও: (a+b)/(c+d), ২^(n+১)।
unreadable-mixed-unclear = 🔍 এটি মিশ্র ভগ্নাংশ, নাকি বিয়োগ? মিশ্র ভগ্নাংশ হলে মাঝে ফাঁকা রেখে লেখো: ২ ১/৩।
unreadable-sign-in-words = ➕ চিহ্নটিও লেখো: + বা -।
unreadable-rate-unit = 📏 কিসের প্রতি? পুরো এককটি লেখো, যেমন কিমি/ঘণ্টা।
unreadable-assamese-letter = ⌨️ লেখাটিতে অসমিয়া কিবোর্ডের একটি অক্ষর আছে (ৰ বা ৱ)। তার জায়গায় বাংলা র বা ব লেখো।
unreadable-bijoy-text = ⌨️ লেখাটি বিজয়ের সংকেতে এসেছে, তাই পড়তে পারছি না। কিবোর্ডটি ইউনিকোডে বদলে নাও, অথবা ইংরেজি অক্ষরে লেখো।
unreadable-same-again = 🔁 আগের উত্তরটিই আবার দিয়েছ। অন্যভাবে ভেবে দেখো, অথবা একটি ইঙ্গিত নাও।
unreadable-same-again-without-hints = 🔁 আগের উত্তরটিই আবার দিয়েছ। অন্যভাবে ভেবে দেখো।
unreadable-sent-twice = 📨 এই উত্তরটি দুবার এসেছে। আগের প্রশ্নের জন্য এটি ঠিকই ছিল! এটি পরের প্রশ্ন।

## The end of a session

summary-heading = 🏁 <b>অনুশীলন শেষ!</b>
summary-score = সঠিক: { $total }টির মধ্যে { $correct }টি
summary-time = সময়: { $minutes } মিনিট { $seconds } সেকেন্ড
summary-streak = 🔥 টানা { $days } দিন
summary-no-work = 🌱 অন্তত একটি অঙ্ক শেষ পর্যন্ত চেষ্টা করলেই দিনটি গোনা হবে।
summary-review = আরেকবার দেখে নিতে পারো:
summary-topic = • { $topic }
mistake-gone = 🌱 <b>{ $name }</b>: এবার দুটি অঙ্কে ঠিক করেছ। এটি আর সমস্যা নয়!
summary-hard-day = 🤗 আজকেরগুলো কঠিন ছিল, তবু তুমি শেষ পর্যন্ত ছিলে। পরের পাঁচটি তোমার জন্য আরও মানানসই হবে।
summary-all-right = 🌟 সবগুলোই সঠিক। চমৎকার!
streak-frozen = 🧊 { $days } দিন বাদ পড়েছিল। জমানো ছুটি কাজে লেগেছে, টানা দিন ভাঙেনি। ছুটি বাকি: { $left }টি।
streak-restarted = 🌱 আজ থেকে আবার টানা দিন গোনা শুরু। এ পর্যন্ত সবচেয়ে দীর্ঘ: টানা { $longest } দিন। সেটি তোমারই থাকবে।
streak-milestone = 🏅 মাইলফলক: টানা { $days } দিন!
streak-freeze-earned = 🧊 আরও সাত দিন! একটি ছুটি পেলে: এক দিন বাদ গেলেও টানা দিন ভাঙবে না। মোট ছুটি: { $freezes }টি।

## A chapter for a while

chapter-which = 📚 কোন অধ্যায় থেকে অঙ্ক করতে চাও?
chapter-running = 📚 এখন অঙ্ক আসছে এই অধ্যায় থেকে: { $topic }। অন্য অধ্যায় নেবে?
chapter-until = 📅 <b>{ $topic }</b>: এক সপ্তাহ, নাকি পরীক্ষা পর্যন্ত?
chapter-set-week = 👍 পরের পাঁচটি থেকে এক সপ্তাহ অঙ্ক আসবে <b>{ $topic }</b> থেকে। তারপর আবার সব অধ্যায় থেকে।
chapter-set-test = 👍 পরের পাঁচটি থেকে অঙ্ক আসবে <b>{ $topic }</b> থেকে, { $day } তোমার পরীক্ষা পর্যন্ত। তারপর আবার সব অধ্যায় থেকে। তুমি পারবে!
chapter-mixed = 👍 আবার সব অধ্যায় থেকে অঙ্ক আসবে।
button-topic-week = এক সপ্তাহ
button-topic-test = পরীক্ষা: { $day }
button-topic-mixed = 🔄 আবার সব অধ্যায়
weekday-0 = সোমবার
weekday-1 = মঙ্গলবার
weekday-2 = বুধবার
weekday-3 = বৃহস্পতিবার
weekday-4 = শুক্রবার
weekday-5 = শনিবার
weekday-6 = রবিবার

## Streak and progress

streak-none = 🌱 এখন টানা দিন চলছে না। একটি অনুশীলনেই শুরু হবে।
streak-now = 🔥 টানা { $days } দিন
streak-longest = 🏆 সবচেয়ে দীর্ঘ: টানা { $days } দিন
streak-freezes = 🧊 ছুটি: ২টির মধ্যে { $freezes }টি
streak-next = 🏅 পরের মাইলফলক আর { $left } দিন পরে
progress-none = দেখানোর মতো এখনও কিছু নেই। প্রথম অনুশীলনের পরেই থাকবে!
progress-heading =
    📊 <b>তোমার অনুশীলন</b>
    অনুশীলন: { $sessions }টি
    অঙ্ক: { $problems }টি, সঠিক: { $correct }টি
progress-month = গত ৩০ দিনে কতটির মধ্যে কতটি সঠিক:
progress-topic = • { $topic }: { $closed }টির মধ্যে { $correct }টি

## Settings

settings =
    ⚙️ <b>সেটিংস</b>
    শ্রেণি: { $grade }
    সময় অঞ্চল: { $zone }
    প্রতিদিন মনে করিয়ে দেওয়া: { $nudges }
nudges-off = বন্ধ
clock-hour = { $part } { $hour }টা
clock-minute = { $part } { $hour }টা { $minute } মিনিট
at-hour = { $part } { $hour }টায়
at-minute = { $part } { $hour }টা { $minute } মিনিটে
part-small-hours = রাত
part-dawn = ভোর
part-morning = সকাল
part-noon = দুপুর
part-afternoon = বিকেল
part-evening = সন্ধ্যা
part-night = রাত
button-set-language = 🌐 ভাষা
button-set-grade = 🎓 শ্রেণি
button-set-timezone = 🕰 সময় অঞ্চল
button-set-nudges = 🔔 প্রতিদিন মনে করিয়ে দেওয়া
button-set-hints = 💡 আমার উত্তর দেখে ইঙ্গিত
button-set-erase = 🗑 আমার সবকিছু মুছে ফেলো
setting-saved = সংরক্ষণ করা হয়েছে।
grade-saved = সংরক্ষণ করা হয়েছে। নতুন শ্রেণির অঙ্ক পাবে পরের পাঁচটি থেকে; এই পাঁচটি যেমন আছে তেমনই থাকবে।
ask-nudges = যেদিন অনুশীলন করোনি, সেদিন কখন মনে করিয়ে দেব? সময়ে চাপ দাও, অথবা সকাল ৮টা থেকে রাত ৮টার মধ্যে কোনো সময় লেখো।
button-nudges-off = 🔕 মনে করিয়ে দিতে হবে না
nudges-now-off = 🔕 আর মনে করিয়ে দেব না। /settings থেকে আবার চালু করতে পারবে।
nudges-now-at = 🔔 যেদিন অনুশীলন করোনি, সেদিন { $when } মনে করিয়ে দেব।
ask-model-hints = 💡 তোমার উত্তর ঠিক না হলে একটি কম্পিউটার প্রোগ্রাম (Anthropic কোম্পানির Claude) সেই উত্তর দেখে একটি ইঙ্গিত লিখতে পারে। এজন্য অঙ্কটি আর সেটি নিয়ে তুমি যা লিখেছ তা ওই কোম্পানির কাছে যায়। তোমার নাম, শ্রেণি বা অ্যাকাউন্ট যায় না। ইঙ্গিতে ভুল থাকতে পারে। তোমার বয়স ১৮ বছরের কম হলে আগে মা-বাবাকে জিজ্ঞেস করো।
button-model-hints-yes = ✅ হ্যাঁ, আমি চাই
button-model-hints-no = বন্ধ করো
model-hints-on = ✅ তোমার উত্তর দেখে ইঙ্গিত দেওয়া চালু আছে। যেকোনো সময় এখানেই বন্ধ করতে পারবে।
model-hints-off = তোমার উত্তর দেখে ইঙ্গিত দেওয়া বন্ধ আছে। বাকি সব ইঙ্গিত আগের মতোই আছে।
ask-erase = এতে তোমার উত্তর, টানা দিন এবং তোমার সম্পর্কে বাকি সবকিছু চিরতরে মুছে যাবে। তুমি কি নিশ্চিত?
button-erase = 🗑 হ্যাঁ, সব মুছে ফেলো
button-keep = না, সব থাকুক
kept = কিছুই মোছা হয়নি। 😊
erased = তোমার সম্পর্কে সবকিছু মুছে ফেলা হয়েছে। এই চ্যাটটি টেলিগ্রামে থেকে যাবে, যতক্ষণ না তুমি সেখানে মুছে ফেলো। কোনো দিন আবার অনুশীলন করতে চাইলে /start পাঠিয়ো। আবার দেখা হবে! 👋

## What is kept, and how to end it

privacy =
    🔒 <b>তোমার সম্পর্কে যা যা রাখি</b>
    • রাজি হওয়ার আগে: তোমার টেলিগ্রাম আইডি, ভাষা আর আমরা কোন ধাপে আছি। ৩০ দিন চুপ থাকলে এগুলো ভুলে যাই।
    • রাজি হওয়ার পরে: এর সঙ্গে তোমার নামের প্রথম অংশ, শ্রেণি, সময় অঞ্চল, মনে করিয়ে দেওয়ার সময়, উত্তর, ইঙ্গিত ও টানা দিন, শেষ কবে এসেছিলে, আর যে লিংক ধরে এসেছ।
    • কেন: ভালো অঙ্ক বেছে নিতে, তোমার দিন কখন শুরু হয় তা জানতে, আর তুমি চাইলে মনে করিয়ে দিতে।
    • কে দেখে: শুধু যাঁরা দরস চালান। তুমি /settings থেকে নিজের উত্তর দেখে ইঙ্গিত চালু করলে তবেই তোমার লেখা Anthropic কোম্পানির কাছে যায়।
    • কত দিন: যত দিন না তুমি /delete দিয়ে মুছে ফেলো। পুরোনো ব্যাকআপে আরও কিছু দিন থাকতে পারে।
    /stop দিলে আর মনে করিয়ে দেব না। এই চ্যাটটি টেলিগ্রামে থেকে যায়, যতক্ষণ না তুমি সেখানে মুছে ফেলো।
stopped = 🔕 আর মনে করিয়ে দেব না। /settings থেকে আবার চালু করতে পারবে। তোমার সবকিছু মুছতে চাইলে: /delete।
stopped-halfway = ঠিক আছে, এখানেই থামলাম। এগিয়ে যেতে চাইলে /start, তোমার সবকিছু মুছতে চাইলে /delete।
for-adults = দরস ৬ষ্ঠ থেকে ৮ম শ্রেণির শিক্ষার্থীদের জন্য। চাইলে আপনিও শিক্ষার্থীর মতো ব্যবহার করে দেখতে পারেন। শিক্ষক বা অভিভাবককে শিক্ষার্থীর ফল দেখানোর কোনো ব্যবস্থা এখনও নেই।

## Nudges

nudge-streak = 🔥 টানা { $days } দিন হলো! আজ পাঁচটি অঙ্ক করলে { $next } দিন হবে। করবে?
nudge-first-days = 👋 তোমার জন্য নতুন পাঁচটি অঙ্ক তৈরি আছে। মিনিট দশেক লাগবে। করে দেখবে?
nudge-back = 😊 তুমি ফিরে এসেছ, খুব ভালো লাগছে! আজ পাঁচটি অঙ্ক করলে টানা দ্বিতীয় দিন হবে।
nudge-missed = 🌱 পাঁচটি অঙ্ক তোমার অপেক্ষায় আছে, আর ইঙ্গিত নিলে কিছুই কমে না। আজ একটু অঙ্ক করবে?
nudge-weekly = 📚 অনেক দিন একসাথে অনুশীলন করা হয়নি। যখন ইচ্ছা চলে এসো, নতুন পাঁচটি অঙ্ক তৈরি আছে।

## Everything else

help =
    আমি <b>দরস</b>। প্রতিদিন তোমার জন্য আমার কাছে পাঁচটি অঙ্ক থাকে।

    /practice – আজকের অঙ্ক, বা তোমার প্রশ্নে ফেরা
    /hint – প্রশ্নটির জন্য ইঙ্গিত
    /skip – এড়িয়ে গিয়ে সমাধান দেখা
    /streak – তোমার টানা দিন
    /progress – তুমি যা করেছ
    /topic – অধ্যায় বেছে নাও, কিংবা পরীক্ষার প্রস্তুতি নাও
    /language – বাংলা বা English
    /grade – তোমার শ্রেণি
    /settings – সময় অঞ্চল, মনে করিয়ে দেওয়া
    /privacy – তোমার কী রাখি, আর কেন
    /stop – আর মনে করিয়ে না দেওয়া
    /delete – তোমার সবকিছু মুছে ফেলা
    /cancel – বাতিল করা

    উত্তর যেভাবে খুশি লেখো: ৩/৪, 3/4, ০.৭৫, ১২০০ বর্গমিটার। তিনবার চেষ্টা করতে পারবে, আর ইঙ্গিত নিলে কিছুই কমে না।
nothing-asked = এই মুহূর্তে কোনো প্রশ্ন নেই। শুরু করব?
unknown-command = এই নির্দেশটি আমি চিনি না। আমি কী কী পারি তা /help-এ আছে।
only-text = আমি শুধু লেখা উত্তর পড়তে পারি: ছবি, ভয়েস মেসেজ, স্টিকার বা ফাইল এখনও বুঝতে পারি না।
edited = দেখলাম তুমি পুরোনো একটি বার্তা বদলেছ। আমি শুধু নতুন বার্তার উত্তর যাচাই করি, তাই উত্তরটি নতুন করে পাঠাও।
cancelled = ঠিক আছে, থামিয়ে দিয়েছি।
another-time = 🙂 ঠিক আছে। যখন ইচ্ছা চলে এসো।
paused = এখানেই থামলাম। পরে এখান থেকেই শুরু করতে পারবে।
flood = একসাথে অনেক বার্তা এসেছে। শেষেরগুলোর উত্তর দিচ্ছি।
stale = বোতামটি পুরোনো, তাই কিছুই বদলায়নি। এখানে চাপ দিয়ে আগের জায়গায় ফেরো:
stale-notice = বোতামটি পুরোনো।
no-problems = তোমার শ্রেণির জন্য এখন আমার কাছে যথেষ্ট অঙ্ক নেই। এ নিয়ে কাজ চলছে; কাল আরেকবার দেখো।
apology = 😔 সমস্যাটি আমার দিক থেকে হয়েছে, তোমার কোনো ভুল নেই। আগে যা করেছ তার কিছুই হারায়নি।
database-away = 🛠 আমার একটু কারিগরি সমস্যা হচ্ছে। তোমার বার্তা নিরাপদে আছে: আবার পাঠাতে হবে না। যত তাড়াতাড়ি পারি উত্তর দেব।
group = আমি শুধু ব্যক্তিগত চ্যাটে কাজ করি: আমাকে লেখো { $bot } ঠিকানায়।

## The command menu and the profile

command-practice = আজকের অঙ্ক
command-hint = প্রশ্নটির জন্য ইঙ্গিত
command-skip = প্রশ্নটি এড়িয়ে যাও
command-streak = আমার টানা দিন
command-progress = আমি যা করেছি
command-topic = অধ্যায় বা পরীক্ষা বেছে নেব
command-language = বাংলা / English
command-grade = আমার শ্রেণি
command-settings = সেটিংস
command-help = কীভাবে কাজ করে
command-privacy = আমার কী কী রাখা হয়
command-stop = আর মনে করিয়ে দিয়ো না
command-delete = আমার সবকিছু মুছে ফেলো
command-cancel = বাতিল করা
profile-name = দরস
profile-short = ৬ষ্ঠ থেকে ৮ম শ্রেণির জন্য প্রতিদিন পাঁচটি অঙ্ক, বাংলা ও ইংরেজিতে।
profile-long = দরস তোমাকে প্রতিদিন পাঁচটি অঙ্ক দেয়। বাংলা বা ইংরেজি সংখ্যায় উত্তর লেখো, আটকে গেলে ইঙ্গিত নাও, আর টানা দিন ধরে রাখো। ৬ষ্ঠ, ৭ম ও ৮ম শ্রেণির জন্য।

## For operators

costs-heading = 💵 <b>ভাষা-মডেলের খরচ</b> (দিন ও মাস UTC অনুযায়ী)
costs-day = আজ: খরচ { $spent }, ধরে রাখা { $reserved }, বাকি { $left }, মোট { $limit }
costs-month = এই মাসে: খরচ { $spent }, ধরে রাখা { $reserved }, বাকি { $left }, মোট { $limit }
costs-pupil-day = আজ যে শিক্ষার্থীর জন্য সবচেয়ে বেশি: খরচ { $spent }, ধরে রাখা { $reserved }, বাকি { $left }, মোট { $limit }
new-disputes = 🙋 শিক্ষার্থীদের মতে তাদের উত্তর ঠিক ছিল। নতুন: { $count }টি। প্রশ্ন: { $problems }। দেখতে: dars content disputes list
cost-alert-day = 💵 ভাষা-মডেলের আজকের বাজেটের { $percent }% শেষ। পুরোটা শেষ হলে শিক্ষার্থীরা আগে থেকে লেখা ইঙ্গিত পাবে।
cost-alert-month = 💵 ভাষা-মডেলের এই মাসের বাজেটের { $percent }% শেষ। পুরোটা শেষ হলে শিক্ষার্থীরা আগে থেকে লেখা ইঙ্গিত পাবে।
cost-alert-pupil = 💵 শিক্ষার্থী নম্বর { $student }: একজনের আজকের বাজেটের { $percent }% শেষ। পুরোটা শেষ হলে সে আগে থেকে লেখা ইঙ্গিত পাবে।

## Topics

topic-natural-numbers-fractions = স্বাভাবিক সংখ্যা ও ভগ্নাংশ
topic-ratio-percentage = অনুপাত ও শতকরা
topic-integers = পূর্ণসংখ্যা
topic-algebraic-expressions = বীজগণিতীয় রাশি
topic-simple-equations = সরল সমীকরণ
topic-geometry-basics = জ্যামিতির মৌলিক ধারণা
topic-practical-geometry = ব্যবহারিক জ্যামিতি
topic-data = তথ্য ও উপাত্ত
topic-rational-irrational = মূলদ ও অমূলদ সংখ্যা
topic-proportion-profit-loss = সমানুপাত ও লাভ-ক্ষতি
topic-measurement = পরিমাপ
topic-algebra-multiply-divide = বীজগণিতীয় রাশির গুণ ও ভাগ
topic-algebraic-formulae = বীজগণিতীয় সূত্রাবলি
topic-algebraic-fractions = বীজগণিতীয় ভগ্নাংশ
topic-parallel-lines = সমান্তরাল সরলরেখা
topic-triangles = ত্রিভুজ
topic-congruence-similarity = সর্বসমতা ও সদৃশতা
topic-patterns = প্যাটার্ন
topic-profits = মুনাফা
topic-simultaneous-equations = সরল সহসমীকরণ
topic-sets = সেট
topic-quadrilaterals = চতুর্ভুজ
topic-pythagoras = পিথাগোরাসের উপপাদ্য
topic-circle = বৃত্ত

## Cities that stand for a time zone

city-dhaka = ঢাকা
city-kolkata = কলকাতা
city-dubai = দুবাই
city-riyadh = রিয়াদ
city-qatar = কাতার
city-kuwait = কুয়েত
city-bahrain = বাহরাইন
city-muscat = মাস্কাট
city-kuala-lumpur = কুয়ালালামপুর
city-singapore = সিঙ্গাপুর
city-maldives = মালদ্বীপ
city-karachi = করাচি
city-kathmandu = কাঠমান্ডু
city-colombo = কলম্বো
city-bangkok = ব্যাংকক
city-tokyo = টোকিও
city-seoul = সিউল
city-shanghai = সাংহাই
city-hong-kong = হংকং
city-istanbul = ইস্তাম্বুল
city-sydney = সিডনি
city-melbourne = মেলবোর্ন
city-london = লন্ডন
city-dublin = ডাবলিন
city-rome = রোম
city-paris = প্যারিস
city-madrid = মাদ্রিদ
city-lisbon = লিসবন
city-athens = এথেন্স
city-berlin = বার্লিন
city-stockholm = স্টকহোম
city-johannesburg = জোহানেসবার্গ
city-new-york = নিউ ইয়র্ক
city-chicago = শিকাগো
city-los-angeles = লস অ্যাঞ্জেলেস
city-toronto = টরন্টো
city-vancouver = ভ্যাঙ্কুভার
city-thimphu = থিম্পু
city-yangon = ইয়াঙ্গুন
city-amman = আম্মান
city-beirut = বৈরুত
city-baghdad = বাগদাদ
city-tehran = তেহরান
city-jakarta = জাকার্তা
city-manila = ম্যানিলা
city-brisbane = ব্রিসবেন
city-perth = পার্থ
city-adelaide = অ্যাডিলেড
city-auckland = অকল্যান্ড
city-amsterdam = আমস্টারডাম
city-brussels = ব্রাসেলস
city-vienna = ভিয়েনা
city-zurich = জুরিখ
city-oslo = অসলো
city-copenhagen = কোপেনহেগেন
city-helsinki = হেলসিঙ্কি
city-warsaw = ওয়ারশ
city-bucharest = বুখারেস্ট
city-moscow = মস্কো
city-cairo = কায়রো
city-tripoli = ত্রিপোলি
city-mauritius = মরিশাস
city-detroit = ডেট্রয়েট
city-denver = ডেনভার
city-edmonton = এডমন্টন
