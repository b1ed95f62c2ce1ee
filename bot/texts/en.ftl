## Registration

ask-language = 👋 Welcome to <b>Dars</b>: five maths problems a day, in your own language. Which language do you want?
ask-language-again = 🌐 Which language do you want?
language-set = Language: English ✅
ask-consent =
    May I keep some things about you? Your first name on Telegram, your class, your time zone and your answers, so that I can choose good problems for you.

    Only the people who run Dars can see them, for instance to look at an answer that you think was right. You can delete everything at any time: /delete. More: /privacy.

    Is that all right? If you are under 13, please ask a parent first.
button-consent = ✅ Yes, that is all right
button-no-consent = Not now
consent-set = Thank you ✅
no-consent = No problem. Nothing about you is kept. If you want to start one day, send /start. 🌱
ask-grade = Which class are you in?
ask-purpose = Which class are you in? Then we practise maths together, and I keep a list of what is due at school if you like. Or shall it be only that list?
button-deadlines-only = 📋 Only what is due
deadlines-only-set = Only what is due ✅
registered-deadlines = 🎉 You are ready! I keep a list of what is due and remind you in time. Connect your school, or write something down. Maths is there whenever you like: /practice
button-connect-school = 🏫 Connect my school
grade-none = none
grade-name-6 = Class 6
grade-name-7 = Class 7
grade-name-8 = Class 8
ask-grade-again = That button is an old one. You are in { $name } now. Which class shall it be?
grade-set = { $name } ✅
ask-timezone = Where do you live? Your day starts and ends by your own clock.
button-home-zone = 🇧🇩 Bangladesh
button-other-zone = Somewhere else
ask-other-timezone = Choose a city, or type the name of your city or of a big city near you, such as <i>Sydney</i>.
timezone-set = Time zone: { $zone } ✅
timezone-unknown = I do not know that place yet. Could you try a bigger city nearby?
question-waits = If that was an answer to your question: it did not cost you a try. Go back to the question and send it again.
ask-first-nudges = One last question: shall I remind you on days without practice? Choose a time, or no reminders.
nudges-none = 🔕 No reminders. You can turn them on in /settings.
registered = 🎉 You are ready! Five problems are waiting for you. You can type an answer in English or Bangla digits, ask for hints, or skip. Trying matters more than being quick.
welcome-back = Good to see you again! 😊
not-registered = We have not finished getting to know each other. Let us go on.
tap-a-button = Please tap one of the buttons.

## A session

button-start = ▶️ Start today's five problems
button-go-on = ▶️ Go on
button-back = ↩️ Back to question { $number }
button-another = 🔁 Five more problems
button-missed-again = 🎯 Try the missed one again
session-begins = Here we go: five problems, one at a time. 🌱
reply-to-older = ↩️ You replied to an older message, so I did not judge that. Which question do you mean? To answer this one, just write, without replying:
resumed = You are in the middle of a session. Here is your question:
session-expired = That session was from more than a day ago, so I closed it. What you did is kept. Here are five fresh problems:
question-heading = <b>Question { $number } of { $total }</b> · about { $minutes } min
question-text = { $text }
question-part =
    <blockquote>{ $stem }</blockquote>

    <b>{ $letter })</b> { $text }
question-stretch = 🌟 <i>Five right in a row! This one is harder on purpose.</i>
question-choice = { $letter }) { $text }
question-how-typed = ✏️ <i>Type your answer.</i>
question-how-choice = 👇 <i>Tap your answer, or type its letter.</i>
question-how-boolean = 👇 <i>True or false? Tap your answer.</i>
question-how-yes-no = 👇 <i>Yes or no? Tap your answer.</i>
button-true = True
button-false = False
button-yes = Yes
button-no = No
button-hint = 💡 Hint { $step }/{ $total }
button-in-words = 💬 The picture in words
figure-in-words = 💬 { $text }
button-skip = ⏭ Skip
hint = 💡 <b>Hint { $step } of { $total }.</b> { $text }
no-more-hints = You have seen all the hints for this one. Try with what they gave you; a wrong try is fine. Or skip, and I will show you the solution.
hint-made = 💡 <b>A hint for you.</b> { $text }
hint-for-question = 💬 { $text }
hint-thinking = 💭 I am thinking…
hint-no-budget = 🌙 I have thought up many hints today and need a rest, so here is what I have for you:
question-heard = 💬 Good question! That did not cost you a try.
stuck-heard = 🤗 That is fine, and it did not cost you a try. This may help:
offer-solution = 📖 Shall I show you the solution? After it comes the next question. Or try once more first: a wrong try does no harm.
button-show-solution = 📖 Show me the solution
term-means = 📖 <b>{ $term }</b>: { $meaning }.
heard-thanks = 😊 You are welcome! I am glad that you are here.
heard-feeling = 🌱 Maths can be tiring, and you are still here: that counts. One small step is enough, and a hint costs nothing.
heard-greeting = 👋 Hello! Good to see you.
heard-who = 🤖 I am <b>Dars</b>, a computer program that practises maths with you: five problems a day, with hints. I am not a person.
heard-harder = 💪 Well said! The problems get harder as you solve them: every right answer counts towards that.
heard-easier = 🌱 That is fine. When problems do not work out, the next five get easier. For this one there are hints.
heard-more = ➕ The next question comes as soon as this one is done. If you would rather leave this one, tap “⏭ Skip”.
heard-yes = 👍 Good! It is your turn.
heard-no = 🙂 All right. Take your time.
heard-dispute = 🙋 You may well be right! Tap “I think I was right” below the message about your answer, and a person will look at it.
right-1 = ✅ That is right!
right-2 = ✅ Yes! Well worked out.
right-3 = ✅ Correct. Nice thinking!
right-4 = ✅ Exactly right!
how-sure = 💭 How sure were you of the answer before this?
button-sure-low = I guessed
button-sure-medium = Fairly sure
button-sure-high = Very sure
button-sure-skip = Rather not say
confidence-kept = Thank you!
i-read = 👂 I read: <b>{ $text }</b>
not-yet = 🤔 Not quite.
not-this-time = 🤝 Not this time, and that is how we learn. Let us look at it together.
mistake = { $text }
mistake-noticed =
    🔎 I noticed something that has come up in a few problems now: <b>{ $name }</b>.
    { $lesson }
    Your next five will have one to try this on.
tries-left = Tries left: { $left }.
more-hints = You can also take a hint.
solution =
    📖 <b>Solution</b>
    { $text }
solution-folded =
    📖 <b>Solution</b>
    <blockquote expandable>{ $text }</blockquote>
skipped = ⏭ Skipped. It may come again another day.
button-next = ➡️ Next question
button-way = 📖 See the way: question { $number }
next-waits = 📖 Take your time with the solution. The next question comes when you tap.
late-right = ✅ Yes, that is it! That problem was over already, so the score stays as it was. Well done for going on.
late-counts = ✅ That is right! The session was over by then, but it counts as solved.
button-dispute = 🙋 I think I was right
dispute-notice = Noted. Thank you!
dispute-kept = Thank you for telling me. A person will look at your answer. You lose nothing by it; let us go on.
dispute-question = <i>{ $text }</i>
dispute-accepted = 🙋 A person has looked at your answer <b>{ $typed }</b>. You were right! It counts now. Thank you for telling me.
dispute-declined = 🙋 A person has looked at your answer <b>{ $typed }</b>. This time it is not what was asked. It was good to ask.
dispute-go-on = You can go on with it.
dispute-too-late = I no longer have that answer. You can still tell me about your latest one.
offer-steps = 🧩 Shall we go step by step?
button-steps = 🧩 Step by step
step = 🧩 <b>Step { $number } of { $total }.</b> { $text }
step-right = ✅ Right!
step-wrong = 🤔 Not quite. Try this step once more; it costs no try.
step-again = 🤔 I cannot read that as an answer to this step. Write just the answer; it costs no try.
step-shown = Here it is { $answer }. Let us go on from there.
steps-done = You have all the pieces. Now the question again:
no-try-lost = That did not cost you a try. Please answer again.

## Answers to be asked for again

wrong-form = 👍 You are on the right track: the value is right, but the question asks for another form. Please look at the question again.
wrong-form-lowest-terms = 👍 The value is right! Now write it in its lowest terms.
wrong-form-unevaluated = 👍 That leads to the right value! Now work it out and write only the result.
wrong-form-factored = 👍 Your expression is equal to the answer! Now write it as a product of factors.
wrong-form-prime-factors = 👍 The value is right! Now write it as a product of prime numbers.
wrong-form-scientific = 👍 The value is right! Now write it in scientific form, such as 3.2 × 10^5.
wrong-form-unreduced-integer = 👍 The value is right! This fraction is a whole number: write that.
wrong-form-expanded = 👍 Your expression is equal to the answer! Now multiply it out and put like terms together.
wrong-form-simplified = 👍 Your expression is equal to the answer! Now make it as simple as you can.
wrong-form-decimal = 👍 The value is right! Now write it as a decimal.
wrong-form-percent-form = 👍 You are on the right track! Now write it as a percentage, with the sign %.
wrong-form-ratio-form = 👍 You are on the right track! Now write it as a ratio, such as 2:3.
wrong-form-set-braces = 👍 Those are the right elements! Now write them as a set, in curly brackets.
wrong-form-other-unit = 📏 That is the right amount! Now write it in the unit that the question asks for.
wrong-form-unsolved = 👍 You are on the right track! Now solve it to the end.
wrong-form-in-pi = 👍 You are on the right track! Now write it with π, and leave π as it is: 5π.
wrong-form-one-digit = 👍 You have the right number! Only the one digit is asked for: write just that.
wrong-form-another-unit = 📏 The number is right! Now look at the unit.
wrong-form-rounded = 👍 That is the right value, rounded. Now write it as exactly as the question asks.
wrong-form-copied-from-question = 🔍 That is what the question gives. Now do what it asks with it.
unreadable = 🔍 I could not read that as an answer.
unreadable-empty = 🔍 I could not find an answer in your message.
unreadable-too-long = 🔍 That is longer than I can read. Please send only the answer.
unreadable-no-answer = 🤗 Not sure yet? That is fine. You may make a guess.
looks-like-number = 🔢 I am looking for a number, such as { $example }.
looks-like-fraction = 🔢 I am looking for a fraction, such as { $example }.
looks-like-decimal = 🔢 I am looking for a decimal, such as { $example }.
looks-like-percent = 🔢 I am looking for a percentage, such as { $example }.
looks-like-money = 🔢 I am looking for an amount of money, such as { $example } taka.
looks-like-quantity = 📏 I am looking for a number with its unit, such as { $example } cm. Look which unit is asked for.
looks-like-angle = 📐 I am looking for a number of degrees, such as { $example }.
looks-like-ratio = 🔢 I am looking for a ratio, such as { $example }.
looks-like-expression = 🔢 I am looking for an expression, such as { $example }.
looks-like-inequality = 🔢 I am looking for an inequality, such as { $example }.
looks-like-tuple = 🔢 I am looking for a pair, such as { $example }.
looks-like-set = 🔢 I am looking for a set, such as { $example }.
looks-like-list = 🔢 I am looking for some numbers with commas, such as { $example }.
looks-like-boolean = 👇 Please tap one of the two answers below.
looks-like-choice = 👇 Please tap one of the answers below, or type its letter: A, B, …
looks-like-text = ✏ I am looking for a word or two: a name, in English or Bangla.
hint-or-skip = A hint may help, or skip this one: I will show you the solution.
or-skip = You can also skip this one: I will show you the solution.
unreadable-number-words = 🔢 Please write the number in digits.
unreadable-several-answers = 🔍 I see more than one answer. Which one do you mean?
unreadable-unknown-unit = 📏 I do not know that unit. Please write only the number, or another spelling of the unit.
unreadable-unexpected-unit = 📏 That unit does not fit here. Please look at the question and write the number.
unreadable-not-a-choice = 👇 Please tap one of the answers, or type its letter.
unreadable-not-true-or-false = 👇 Please tap one of the two answers.
unreadable-power-or-product = 🔍 Is that a power or a product? For x to the power of two write x^2.
unreadable-ambiguous-division = 🔍 I am not sure what is divided by what. Brackets help: 1/(2x).
unreadable-dash-or-minus = 🔍 Is that a dash or a minus sign? Please write only the answer, such as 7 or -7.
unreadable-list-unclear = 🔍 Please put a comma between the numbers: 2, 3, 5.
unreadable-misspelt = ✏️ Nearly! Please look at the spelling once more.
unreadable-part-missing = ✌️ More than one part is asked for. Please write all of them together, such as (2, 5).
unreadable-missing-brackets = 🔍 Brackets would tell me what belongs together: (a+b)/(c+d), 2^(n+1).
unreadable-mixed-unclear = 🔍 Is that a mixed number, or is there something left to work out? For a mixed number leave a blank: 2 1/3.
unreadable-sign-in-words = ➕ Please write the sign too: + or -.
unreadable-rate-unit = 📏 Per what? Please write the whole unit, such as km/h.
unreadable-assamese-letter = ⌨️ There is a letter of the Assamese keyboard in it (ৰ or ৱ). Please write it with the Bangla one: র or ব.
unreadable-bijoy-text = ⌨️ That came out as Bijoy signs, which I cannot read. Please switch the keyboard to Unicode, or write in English letters.
unreadable-same-again = 🔁 That is the same answer as before. Try another way, or take a hint.
unreadable-same-again-without-hints = 🔁 That is the same answer as before. Try another way.
unreadable-sent-twice = 📨 That answer came twice. It was right for the question before! This is the next question.

## The end of a session

summary-heading = 🏁 <b>Session finished!</b>
summary-what = Maths with Dars · { $grade } · { $day }
day-of-month = { $day } { $month }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
summary-score = Right: { $correct } of { $total }
summary-time = Time: { $minutes } min { $seconds } s
summary-streak = 🔥 Days in a row: { $days }
summary-no-work = 🌱 A day counts once you have tried one problem to the end.
summary-review = Worth another look:
summary-topic = • { $topic }
mistake-gone = 🌱 <b>{ $name }</b>: you got it right twice now. That one is behind you!
summary-hard-day = 🤗 That was hard today, and you stayed with it. The next five will suit you better.
summary-all-right = 🌟 All of them right. Wonderful!
summary-tomorrow = 📅 <b>Waiting tomorrow</b>
summary-tomorrow-missed = • To try once more: { $count }
summary-tomorrow-topic = • Another look at: { $topic }
summary-tomorrow-wish = • Your chapter: { $topic }
summary-tomorrow-milestone = • Days to your next 🏅: { $days }
summary-tomorrow-new = • Five new problems
summary-forward = 👪 You can forward this to a parent.
streak-frozen = 🧊 Days missed: { $days }. Your freezes saved the streak. Freezes left: { $left }.
streak-restarted = 🌱 A new streak begins today. Your longest so far: { $longest }. It is yours to keep.
streak-milestone = 🏅 Milestone: { $days } days in a row!
streak-freeze-earned = 🧊 Seven more days: you earned a freeze for a day you cannot practise. Freezes: { $freezes }.

## A chapter for a while

chapter-which = 📚 Which chapter shall your problems come from?
chapter-running = 📚 Your problems come from: { $topic }. Another chapter?
chapter-until = 📅 <b>{ $topic }</b>: for a week, or until a test?
chapter-set-week = 👍 From your next five on, problems come from <b>{ $topic }</b> for a week, then from all chapters again.
chapter-set-test = 👍 From your next five on, problems come from <b>{ $topic }</b>, until your test on { $day }. Then from all chapters again. You can do it!
chapter-mixed = 👍 Your problems come from all chapters again.
button-topic-week = For a week
button-topic-test = Test: { $day }
button-topic-mixed = 🔄 All chapters again
weekday-0 = Monday
weekday-1 = Tuesday
weekday-2 = Wednesday
weekday-3 = Thursday
weekday-4 = Friday
weekday-5 = Saturday
weekday-6 = Sunday

## What was missed

mistakes-none = 🌟 Nothing is waiting to be tried again.
mistakes-heading = 🎯 <b>To try again</b>
mistakes-one =
    <b>{ $number }.</b> <i>{ $topic }</i>
    { $text }
button-try-again = 🎯 Try { $number } again
mistakes-now = 🎯 Here is one like it:
mistakes-next = 🎯 It comes right after this question.
mistakes-later = 🎯 Finish this question first, then try it again: /mistakes

## Streak and progress

streak-none = 🌱 No streak is running now. One session starts it.
streak-now = 🔥 Days in a row: { $days }
streak-longest = 🏆 Longest: { $days }
streak-freezes = 🧊 Freezes: { $freezes } of 2
streak-next = 🏅 Days to the next milestone: { $left }
progress-none = There is nothing to show yet. After your first problem there will be!
progress-title = My practice
progress-streak = 🔥 Days in a row: { $count }
progress-longest = 🏆 Longest: { $count }
progress-sessions = 🏁 Sessions: { $count }
progress-days = Days of practice in four weeks: { $count }
progress-tried = Problems: { $problems }
progress-problems = Problems: { $problems }, right: { $correct }
mastery-new = New
mastery-growing = Growing
mastery-strong = Strong
mastery-due = Due for another look
weekday-short-0 = Mon
weekday-short-1 = Tue
weekday-short-2 = Wed
weekday-short-3 = Thu
weekday-short-4 = Fri
weekday-short-5 = Sat
weekday-short-6 = Sun

## The board

board-ask =
    🏆 <b>The board of your class</b>
    It shows who has the most days in a row, and who solved the most problems without help this week.

    If you join, others of your class see only the name that you pick here, those two numbers and your place. Never your own name. Teachers do not see it. You can leave at any time, and then you are gone from it at once.

    Pick a name to join:
button-board-others = 🎲 Other names
board-heading-streak = 🏆 <b>{ $grade } · Days in a row</b>
board-heading-solved = 🏆 <b>{ $grade } · Solved without help this week</b>
board-line = { $place }. { $name } · { $count }
board-own = ➡️ { $place }. <b>{ $name } (you)</b> · { $count }
button-board-solved = 💪 Solved this week
button-board-streak = 🔥 Days in a row
button-board-class = 👥 { $name }
button-board-all = 🎓 All of { $grade }
button-board-leave = 👋 Leave the board
board-left = You are off the board. Nobody sees your name there any more.

## Several pupils on one phone

profiles-heading = 👥 <b>Who practises on this phone</b>
profile-on = ➡️ <b>{ $name }</b>
profile-line = • { $name }
profiles-apart = Each has their own problems, days in a row, reminders and data. Up to four can share.
profile-mark = 👤 <b>{ $name }</b>
profile-unnamed = New pupil
profile-switched = { $name } has the phone now.
profile-new = 👤 Hello! First a question for you, who are new here.
button-profile = 👤 { $name }
button-profile-add = ➕ Somebody else
button-profile-rename = ✏️ Change my name here
ask-name = What is your first name? Just type it.
name-unclear = Please type just a first name: letters, 30 at most.
name-set = From now on I call you { $name }.
ask-erase-one = This deletes all of <b>{ $name }</b>, the answers, the days in a row and everything else, for good. The others on this phone stay. Are you sure?
erased-one = All of it is deleted. The others on this phone go on as before: /profiles

## Settings

settings =
    ⚙️ <b>Settings</b>
    Class: { $grade }
    Time zone: { $zone }
    Daily reminder: { $nudges }
nudges-off = off
clock-hour = { $hour }:00 { $part }
clock-minute = { $hour }:{ $minute } { $part }
at-hour = at { $hour }:00 { $part }
at-minute = at { $hour }:{ $minute } { $part }
part-small-hours = am
part-dawn = am
part-morning = am
part-noon = pm
part-afternoon = pm
part-evening = pm
part-night = pm
button-set-language = 🌐 Language
button-set-grade = 🎓 Class
button-set-timezone = 🕰 Time zone
button-set-nudges = 🔔 Daily reminder
button-set-hints = 💡 Hints for my own answers
button-set-erase = 🗑 Delete everything about me
setting-saved = Saved.
grade-saved = Saved. The new class counts from your next five problems; these five stay as they are.
ask-nudges = When should I remind you if you haven't practised? Tap a time, or type one between 8 am and 8 pm.
button-nudges-off = 🔕 No reminders
nudges-now-off = 🔕 No more reminders. You can turn them on again in /settings.
nudges-now-at = 🔔 I will remind you { $when } on days without practice.
ask-model-hints = 💡 When an answer is not right yet, a computer program (Claude, by the company Anthropic) can write a hint about just that answer. For this the problem and what you typed about it are sent to that company. Your name, your class and your account are not. The hint may have mistakes. If you are under 18, please ask a parent first.
button-model-hints-yes = ✅ Yes, I would like that
button-model-hints-no = Stop it
model-hints-on = ✅ Hints for your own answers are on. You can stop them here at any time.
model-hints-off = Hints for your own answers are off. All other hints are there as before.
ask-erase-premium = ⭐ The premium that was paid for ends with it, and a subscription is ended as well.
ask-erase = This deletes your answers, your streak and everything else about you, for good. Are you sure?
button-erase = 🗑 Yes, delete everything
button-keep = No, keep everything
kept = Nothing was deleted. 😊
erased = Everything about you is deleted. This chat stays in Telegram until you delete it there. If you want to practise again one day, send /start. Goodbye! 👋

## What is kept, and how to end it

privacy =
    🔒 <b>What I keep about you</b>
    • Before you say yes: your Telegram id, your language and the step we are at. After { $silent } silent days I forget them.
    • After your yes: also your first name, class, time zone, reminder time, answers, hints and days in a row, when you were last here, and the link that brought you.
    • If an adult pays for premium: the number of the payment, the Stars and the day; after /delete without a name.
    • If you connect a school: its key, locked; what is due, your work and marks there. What you write down yourself stays on your list.
    • Why: to choose good problems, to know when your day begins, and to remind you if you want that.
    • Who sees it: the people who run Dars; and an adult gets the weekly message that /parent shows, if you invited one. What you type goes to the company Anthropic only if you turned on hints for your own answers in /settings.
    • The board of your class, if you join it: others see the name that you pick there and two numbers. Never your own name.
    • How long: until you delete it with /delete. Then it is gone at once: from the database, from what waits to be sent, and from every place where others saw it. What I answered you I forget after { $updates } hours anyway.
    • Backups, and the database's own archive, may hold it for { $backups } days more; then those are deleted too.
    • All of it as a file: /export. To another Telegram account: /move.
    /stop ends the reminders. This chat stays in Telegram until you delete it there.
export-coming = 📥 I am putting together all that I keep about you. It comes here as a file within a minute.
export-waits = 📥 Your file is on its way. It comes here as soon as it is ready.
export-just-sent = 📥 I sent it a moment ago: look a little further up. You can ask again in five minutes.
export-here = 📥 All that I keep about you. Open the tables (CSV) with any spreadsheet; data.json holds the same for programs.
move-code =
    📱 To take everything to another Telegram account, write this there to me within half an hour:
    <code>/move { $code }</code>
    Keep it to yourself: whoever has it takes your account over.
move-refused-code = 📱 That code is not good any more, or not quite right. Send /move from the old account for a new one.
move-refused-taken = 📱 This account has practised already. Delete that first with /delete, then send the code once more.
moved = 📱 Done! Everything is here now: your answers, your days in a row, your reminders. The old account has nothing any more.
stopped = 🔕 No more reminders. You can turn them on again in /settings. To delete everything about you: /delete.
stopped-halfway = All right, I stop here. Go on with /start, or delete everything about you with /delete.
for-adults = Dars is for pupils of classes 6 to 8. You may try it just as a pupil would. Teachers: whoever runs Dars can invite you to have a class. Parents: your child can invite you with /parent, and you get a short message about their week.

## An adult whom a pupil chose

guardian-intro =
    👪 <b>For an adult at home</b>
    You can invite an adult you trust, two at most. Every { $day } they get a short message about your week: days of practice, what you learnt, what is hard, and a question for dinner. No answers and no marks. You and they can end it at any time with one tap.
guardian-invited-state = ⏳ Your link is open: nobody has said yes yet.
guardian-agreed-state = ❓ <b>{ $name }</b> opened your link and said yes. Is that the adult you meant?
guardian-confirmed-state = ✅ <b>{ $name }</b> hears of your week every { $day }.
guardian-so-far = This is what the message says so far this week. You always see here what they see:
guardian-link =
    📨 Send this link to the adult. It works once, for seven days:
    { $link }
    Or they open this chat with me and write: <code>/start { $code }</code>
guardian-own-link = This link is for the adult: please send it on to them.
guardian-link-over = This link is over: it works once, for seven days. Ask for a new one.
guardian-invited = 👋 <b>{ $name }</b> practises maths with me, Dars, and would like you to hear of it. Every { $day } you get one short message: days of practice, what was learnt, what is hard, and a question for dinner. No answers, no marks; { $name } sees the same. For this I keep your Telegram id, your first name and your language. One tap ends it. Would you like that?
guardian-thanks = 🤝 Thank you! Now { $name } says whether you are the adult they meant. Then I write every { $day } evening.
guardian-declined = All right. Nothing about this is kept.
guardian-ask = 👪 { $pupil }, <b>{ $name }</b> opened your link and said yes. Is that the adult you meant? Until you say yes they hear nothing.
guardian-confirmed = 👍 Every { $day } evening { $name } hears of your week. /parent shows what, and ends it.
guardian-refused = 👍 Good that you looked. { $name } hears nothing of you. With /parent you can make a new link.
guardian-ended = Done. { $name } hears nothing more of you.
guardian-stopped = Done. I write nothing more about { $name }.
guardian-home = 👪 Once a week I write to you about { $names }. You need not do anything.
guardian-home-none = 👋 I write to you about nobody now.
guardian-week = 👪 <b>{ $name }: a week of maths</b>
guardian-week-none = 🌙 No practice in these seven days. That happens; the next five problems are ready whenever there is time.
guardian-week-days = 📅 Days of practice: { $days } of { $of }. Problems: { $problems }.
guardian-week-learnt = 🌱 Learnt something in: { $topics }
guardian-week-well = 🌟 Goes well: { $topic }
guardian-week-hard = 💭 Takes some thought now: { $topic }
guardian-ask-hard = 🏠 To ask at dinner: “Which problem in “{ $topic }” made you think most, and what did you try?”
guardian-ask-known = 🏠 To ask at dinner: “Can you show me one problem of “{ $topic }” and how you go about it?”
guardian-ask-any = 🏠 To ask at dinner: “What was the nicest thing in maths lately?”
button-guardian-invite = 📨 Invite an adult
button-guardian-forward = 📝 The same as a text to forward
button-guardian-yes = ✅ Yes, that is them
button-guardian-no = No
button-guardian-end = 🔕 End it for { $name }
button-guardian-agree = ✅ Yes, in English
button-guardian-decline = No, thank you
button-guardian-stop = 🔕 No more about { $name }
button-guardian-practise = ✏️ Practise myself

## Premium

premium-heading = ⭐ <b>Premium</b>
premium-what =
    Practising is free and stays free. Premium adds to your deadlines:
    • all six reminders, from a week to an hour before (free: one day before)
    • as many tasks of your own as you like (free: 5 a month)
    • the week at a glance on Mondays
    • a calendar address that keeps itself up to date
premium-all-free = ⭐ Everything in Dars is free here. You have all of it already.
premium-price = { $stars } Telegram Stars for 30 days. Stars cost real money, so an adult pays: please ask a parent first. /terms
premium-until = ✅ You have premium until { $day }. It does not renew itself.
premium-renews = ✅ You have premium. It renews itself on { $day }, until an adult ends that in Telegram: Settings → My Stars.
premium-more = An adult can add 30 days now, for { $stars } Stars. A subscription can begin when these days are over.
button-premium-once = ⭐ 30 days for { $stars } Stars
button-premium-subscription = 🔁 Every 30 days
invoice-title = Dars Premium: 30 days
invoice-once = 30 days of premium, once. It ends by itself. An adult pays.
invoice-subscription = Premium for 30 days, renewed every 30 days until you end it in Telegram. An adult pays.
premium-subscribe = 🔁 { $stars } Stars now and every 30 days, until an adult ends it in Telegram: Settings → My Stars. What is paid for lasts to its end. An adult pays here:
button-subscribe = 🔁 Subscribe for { $stars } Stars
premium-thanks = 🎉 Thank you! You have premium until { $day }.
premium-thanks-subscription = 🎉 Thank you! You have premium. It renews itself on { $day }; an adult can end that in Telegram: Settings → My Stars.
premium-renewed = ⭐ Your premium was renewed, until { $day }.
premium-given-back = ↩️ That was not needed, so the Stars go back to you in a few minutes.
premium-refunded = ↩️ { $stars } Stars went back to you. What they were paid for has ended.
premium-canceled = 🔁 Your subscription has ended: nothing more is charged. You have premium until { $day }.
premium-failed = 🔁 Telegram could not renew your subscription. You have premium until { $day }, and nothing of yours is lost.
premium-enabled = 🔁 Your subscription goes on. It renews itself on { $day }.
premium-ends = ⭐ Your premium ends on { $day }. Your tasks stay, and practising is free as ever. If you want more of it, an adult can add 30 days: /premium
premium-over = ⭐ Your premium is over. Your tasks stay, and practising is free as ever. /premium
premium-found = ✅ Your payment has arrived. You have premium until { $day }.
premium-no-not-sold = Premium is not sold just now. Nothing was paid.
premium-no-unknown = This invoice is out of date. Send /premium for a new one.
premium-no-not-yours = This invoice is for somebody else. Send /premium for one of your own.
premium-no-paid = This invoice was paid already. Send /premium to see what you have.
premium-no-renews = Your premium renews itself already. There is nothing to pay.
premium-no-lasts = Your premium is paid for already. A subscription can begin when it is over.
premium-no-busy = I cannot check this just now. Nothing was paid. Please try again in a few minutes.
paysupport =
    💬 <b>Questions about a payment</b>
    Please write to { $support } what happened, and when. A person answers. Stars that were paid by mistake go back. Telegram itself does not help with payments to Dars.
paysupport-charge = The number of your last payment: <code>{ $charge }</code>
paysupport-nobody = 💬 Nothing is sold here, so there is nothing to pay.
terms =
    📖 <b>Terms of premium</b>
    • What: premium for 30 days, for { $stars } Telegram Stars. Practising stays free.
    • Who: an adult pays, or says yes to it.
    • Subscription: it renews itself every 30 days until you end it in Telegram (Settings → My Stars). What is paid for lasts to its end.
    • Back: if it was a mistake, or does not work, write to { $support } and the Stars go back.
    • Data: of a payment its number, the Stars and the day are kept, and nothing of a card. After /delete no name stands there, and a subscription ends.
terms-free = 📖 Everything in Dars is free here. Nothing is sold, so there are no terms of sale. What is kept about you: /privacy

## Nudges

nudge-streak = 🔥 Days in a row: { $days }. Five problems today keep your streak going: that makes { $next }. Shall we?
nudge-first-days = 👋 Five new problems are ready for you. They take about ten minutes. Shall we try them?
nudge-back = 😊 It is good to have you back! Five problems today make it the second day in a row.
nudge-missed = 🌱 Five problems are waiting for you, and every hint is free. Shall we do some maths today?
nudge-weekly = 📚 We have not practised together for a while. Whenever you like, your next five problems are here.

## Deadlines

day-today = today
day-tomorrow = tomorrow
day-yesterday = yesterday
day-near = { $weekday }, { $day } { $month }
day-far = { $day } { $month }
day-year = { $day } { $month } { $year }
due-moment = { $day } { $clock }
due-undated = no date
left-days = ⏳ { $count } days left
left-hours = ⏳ about { $count } h left
left-soon = ⏳ less than an hour left
task-line-course = <b>{ $title }</b> ({ $course }) · { $when }
tasks-today = 📌 <b>Today</b>
tasks-week = 🗓 <b>This week</b>
tasks-later = 📚 <b>Later</b>
tasks-overdue = 🌱 <b>Still open</b> – the date is over, and it may still be worth handing in
tasks-none = 🎉 Nothing is due that I know of.
tasks-as-of = ⚠️ Your school no longer lets me in, so this is as of { $when }. /canvas
tasks-and-more = … and { $count } more
button-details = ⋯
button-tasks = 📋 My list
button-more = More ▶️
button-earlier = ◀️ Back
button-add-task = ➕ Write something down
button-done = ✅ Done
button-undo = ↩️ Undo
button-tomorrow = ⏰ Remind me tomorrow
button-delete-task = 🗑 Take off the list
button-hide-course = 🙈 Hide this course
source-canvas-assignment = 🏫 From your school
source-canvas-event = 🏫 From your school's calendar
source-manual = ✏️ Written down by you
task-link = 🔗 <a href="{ $url }">Open at school</a>
task-moved = ↪️ It was due { $when } before
task-done = ✅ Done: <b>{ $title }</b>
task-open-again = Back on the list: <b>{ $title }</b>
task-deleted = 🗑 Taken off the list: <b>{ $title }</b>
task-back = Back on the list: <b>{ $title }</b>
task-later = ⏰ <b>{ $title }</b>: I will remind you { $when }.
task-too-soon = That is due before tomorrow at this time.
course-hidden = 🙈 Hidden: { $course }. Nothing of it is in your list now.
course-shown = 👀 Shown again: { $course }
reminder-one = ⏰ <b>{ $title }</b> is due { $when }.
reminder-one-course = ⏰ <b>{ $title }</b> ({ $course }) is due { $when }.
reminder-several = ⏰ <b>Due soon</b>
button-reminders = 🔔 Reminders
digest-heading = ☀️ <b>Your week</b>
digest-due = 🗓 <b>Due in the next seven days</b>
digest-nothing = Nothing is due in the next seven days.
digest-moved = ↪️ <b>The date has changed</b>
digest-done = 👏 Things you got done last week: { $count }.
digest-free = 🌱 Days this week with nothing due: { $count }. Room to begin early.
digest-begin = 🌱 One small step today is a good beginning.
add-title = ✏️ What is to be done? You can add the date as well, as in <i>history essay friday 5pm</i>.
add-date = 📅 When is it due? Tap a day, or type it, as in <i>12 March 4pm</i>.
add-date-unread = 🤔 I could not read that as a date. Tap a day, or type it, as in <i>friday 5pm</i>.
add-confirm =
    ✏️ <b>{ $title }</b>
    📅 { $when }
    Shall I put it on your list?
add-course = 📚 { $course }
add-pick-course = 📚 Which course is it for?
add-stopped = All right, I have not put it on your list.
add-used-up = You have written down { $count } things this month, which is all that is free in one. What comes from your school is not counted, and next month you have { $count } again. An adult can see what else there is: /premium
button-add-yes = ✅ Yes
button-add-no = ✖️ Not now
button-add-date = 📅 Another date
button-add-course = 📚 Course
button-no-course = Without a course
button-undated = No date
task-added = ✅ On your list: <b>{ $title }</b>, { $when }.
task-goes-to-school = 🏫 I also write it into your calendar at school. If your school is away just now, I do it as soon as it is back.
tier-1w = One week before
tier-3d = Three days before
tier-1d = One day before
tier-12h = Twelve hours before
tier-3h = Three hours before
tier-1h = One hour before
reminders-menu =
    🔔 <b>Reminders of what is due</b>
    { $holidays }
    I write between 8 am and 9 pm only. Tap to switch one on or off.
button-digest = Your week, on Monday morning
button-holidays = 🌈 School holidays
button-calendar = 📅 As a calendar file
button-weeks = Weeks: { $count }
button-no-holidays = No holidays now
holidays-ask = 🌈 For how many weeks, from today on? Until then there are no daily reminders and no Monday message. What is due is still told.
holidays-none = 🏫 No holidays are set.
holidays-until = 🌈 Holidays until { $day }.
calendar-soon = 📅 I am making your calendar file.
button-calendar-address = 🔗 An address that keeps itself fresh
button-calendar-end = ⛔ End this address
calendar-address =
    🔗 Put this address into your calendar program, as a calendar by URL. It keeps itself fresh, some programs once a day:
    <code>{ $url }</code>
    Whoever has it can see your list: give it to nobody. I say it only now.
calendar-ended = ⛔ That address shows nothing any more. /calendar makes a new one.
calendar-empty = Nothing with a date is on your list yet.
calendar-caption = 📅 Tasks in it: { $count }. Open it to put them into your calendar. Done and deleted ones are taken out when you open a newer file.

## A school at Canvas

school-ask = 🏫 Does your school use Canvas? Type its address, or paste the link of any page of it, as in <i>canvas.school.example</i>.
school-unread = 🤔 That is no address that I can use. It must be the address of your school's Canvas, with https.
school-no-key = 🛠 Schools cannot be connected here: whoever runs Dars has not set it up.
school-consent =
    🏫 <b>{ $school }</b>
    • I read your courses, tasks, dates, grades and calendar there.
    • I keep them to show you what is due and to remind you. Nobody else gets them.
    • I write only what you ask me to, into your own calendar there.
    • /canvas ends it at any time: then I forget the key at once. /delete deletes all of it.
    If you are under 18, please ask a parent first. Is that all right?
button-school-yes = ✅ Yes, connect it
school-log-in = 🔒 <a href="{ $url }">Log in at your school</a>
school-ways =
    🔒 <b>How I get in at { $school }</b>
    • An access key: in Canvas open <i>Account → Settings → New access token</i>, and paste it here.
    • Or, where your school makes none: <i>Calendar → Calendar feed</i>, and paste that link here. It shows dates only.
    I delete your message at once and keep the key locked away.
school-key-taken = 🗑 I have deleted your message and locked the key away. Now I ask your school…
school-key-unread = 🤔 That does not look like a key or a calendar link, so I deleted it. Copy the whole of it and paste it again.
school-secret-deleted = 🗑 That looked like a secret key, so I deleted it and kept nothing of it.
school-secret-unasked = 🗑 That looked like a secret key, so I deleted it and kept nothing of it. To connect your school: /canvas
school-slow = 🐢 { $school } is slow just now. I go on, and write to you when I am done.
school-connected = 🎉 <b>{ $school }</b> is connected.
school-your-courses = 📚 { $courses }
school-refused-token = 🤔 { $school } does not know that key. It may be cut, or over. Please make a new one.
school-refused-feed = 🤔 There is no calendar at that link. Please copy it again from Canvas.
school-refused-address = 🤔 I may not go to that address. Please look at the address of your school once more.
school-refused-unreadable = 🤔 I found no Canvas at { $school }. Please look at the address once more.
school-refused-away = 🐢 { $school } does not answer. Nothing is lost; please try again later.
button-connect-again = 🔒 Connect again
school-heading = 🏫 <b>Your school</b>
school-line = <b>{ $school }</b>: { $state }. Last read: { $read }.
school-state-connected = connected
school-state-expires = connected, but the key ends within a week
school-state-expired = the key is over
school-state-refused = the key is refused
school-not-read = not yet
button-school-refresh = 🔄 Read it now
button-school-courses = 🙈 Hide courses
button-school-another = ➕ Another school
button-school-end = ⛔ End { $school }
school-courses = 👀 shown, 🙈 hidden. Tap to change.
school-refreshing = 🔄 I am reading your school. In a moment your list is fresh.
school-nothing-to-read = There is no school that lets me in just now.
school-stopped = All right, no school is connected.
school-ended = ⛔ Ended. I have forgotten the key. What I knew of it stays on your list; /delete deletes all of it.
school-dead = 🔒 { $school } no longer takes the key that you gave me. Your list stays as it was. Shall we connect it again?
school-ends = 🔒 The key that you gave me for { $school } ends within a week. Shall we connect it again before?

## Announcements

daily-figures =
    📊 <b>{ $day }</b>
    Pupils: { $pupils }, new: { $fresh }
    Sessions: { $sessions }, finished: { $finished }
    Problems solved: { $solved }
    Reminders sent: { $nudges }, came within a day: { $came }
    Language model: ${ $dollars }
    Defended answers that wait: { $disputes }
    Hours since the last good backup: { $backup }
announcement-stop = <i>To get no more of these and no reminders: /stop</i>

## Everything else

help =
    I am <b>Dars</b>. Every day I have five maths problems for you.

    /practice – today's problems, or back to your question
    /hint – a hint for the question
    /skip – skip it and see the solution
    /streak – your days in a row
    /progress – what you have done
    /mistakes – try again what was missed
    /topic – choose a chapter, or prepare for a test
    /tasks – what is due at school, and what you wrote down
    /add – write something down: /add essay friday 5pm
    /canvas – connect your school
    /reminders – reminders of what is due, and holidays
    /calendar – what is due, for your calendar
    /parent – a weekly word to an adult at home
    /leaderboard – the board of your class, if you want
    /language – বাংলা or English
    /grade – your class
    /settings – time zone, reminders
    /privacy – what I keep of you, and why
    /profiles – several pupils on one phone
    /export – get all of it as a file
    /move – take everything to another account
    /stop – no more reminders
    /delete – delete everything about you
    /cancel – stop what I am asking

    Type an answer as you like: 3/4, ৩/৪, 0.75, 1200 m². You have three tries, and hints cost nothing.
nothing-asked = No question is open just now. Shall we begin?
unknown-command = I do not know that command. /help shows all that I can do.
only-text = I can read typed answers only: no photos, voice messages, stickers or files yet.
edited = I saw that you changed an old message. I only check new messages, so please send your answer as a new one.
cancelled = All right, I have stopped that.
another-time = 🙂 All right. Come whenever you like.
paused = All right. Your place is kept; come back whenever you like.
flood = That was a lot at once. I answer the last of it.
stale = That button is old, so nothing has changed. Tap to go back to your question:
stale-notice = That button is old.
no-problems = I have too few problems for your class just now. People are working on it; please look in again tomorrow.
apology = 😔 Something went wrong on my side, not on yours. Nothing you did before is lost.
database-away = 🛠 I have a small technical problem. Your message is safe: you need not send it again. I will answer as soon as I can.
group = I work in private chats only: write to me at { $bot }.

## The command menu and the profile

command-practice = Today's problems
command-hint = A hint for the question
command-skip = Skip the question
command-streak = My days in a row
command-progress = What I have done
command-mistakes = Try again what I missed
command-topic = Choose a chapter, or a test
command-parent = A weekly word to an adult
command-tasks = What is due
command-add = Write something down
command-canvas = Connect my school
command-calendar = My list as a calendar file
command-reminders = Reminders of what is due
command-class = My class
command-leaderboard = The board of my class
command-language = বাংলা / English
command-grade = My class
command-settings = Settings
command-help = How it works
command-privacy = What is kept of me
command-profiles = Several pupils on one phone
command-export = All that is kept of me, as a file
command-move = To another Telegram account
command-stop = No more reminders
command-delete = Delete everything about me
command-cancel = Stop what is being asked
profile-name = Dars
profile-short = Five maths problems a day for classes 6-8, in English and Bangla.
profile-long = Dars gives you five maths problems a day. Type your answers in English or Bangla digits, take hints when you are stuck, and keep your streak. For classes 6, 7 and 8.

## For operators

costs-heading = 💵 <b>What the language model costs</b> (days and months in UTC)
costs-day = Today: { $spent } spent, { $reserved } reserved, { $left } left of { $limit }
costs-month = This month: { $spent } spent, { $reserved } reserved, { $left } left of { $limit }
costs-pupil-day = The pupil who used most today: { $spent } spent, { $reserved } reserved, { $left } left of { $limit }
new-disputes = 🙋 Pupils think that their answers were right. New: { $count }. Problems: { $problems }. See: dars content disputes list
cost-alert-day = 💵 The language model has used { $percent }% of today's budget. When all of it is used, pupils get the written hints.
cost-alert-month = 💵 The language model has used { $percent }% of this month's budget. When all of it is used, pupils get the written hints.
cost-alert-pupil = 💵 Pupil number { $student } has used { $percent }% of a pupil's budget for today. When all of it is used, they get the written hints.

## Topics


## Cities that stand for a time zone

city-dhaka = Dhaka
city-kolkata = Kolkata
city-dubai = Dubai
city-riyadh = Riyadh
city-qatar = Qatar
city-kuwait = Kuwait
city-bahrain = Bahrain
city-muscat = Muscat
city-kuala-lumpur = Kuala Lumpur
city-singapore = Singapore
city-maldives = Maldives
city-karachi = Karachi
city-kathmandu = Kathmandu
city-colombo = Colombo
city-bangkok = Bangkok
city-tokyo = Tokyo
city-seoul = Seoul
city-shanghai = Shanghai
city-hong-kong = Hong Kong
city-istanbul = Istanbul
city-sydney = Sydney
city-melbourne = Melbourne
city-london = London
city-dublin = Dublin
city-rome = Rome
city-paris = Paris
city-madrid = Madrid
city-lisbon = Lisbon
city-athens = Athens
city-berlin = Berlin
city-stockholm = Stockholm
city-johannesburg = Johannesburg
city-new-york = New York
city-chicago = Chicago
city-los-angeles = Los Angeles
city-toronto = Toronto
city-vancouver = Vancouver
city-thimphu = Thimphu
city-yangon = Yangon
city-amman = Amman
city-beirut = Beirut
city-baghdad = Baghdad
city-tehran = Tehran
city-jakarta = Jakarta
city-manila = Manila
city-brisbane = Brisbane
city-perth = Perth
city-adelaide = Adelaide
city-auckland = Auckland
city-amsterdam = Amsterdam
city-brussels = Brussels
city-vienna = Vienna
city-zurich = Zurich
city-oslo = Oslo
city-copenhagen = Copenhagen
city-helsinki = Helsinki
city-warsaw = Warsaw
city-bucharest = Bucharest
city-moscow = Moscow
city-cairo = Cairo
city-tripoli = Tripoli
city-mauritius = Mauritius
city-detroit = Detroit
city-denver = Denver
city-edmonton = Edmonton

## Classes

class-invited = 👩‍🏫 You are invited to teach with Dars as <b>{ $name }</b>, { $school }.

    Kept of you: your Telegram number, this name and school, your classes and notes, and when you looked at a pupil. /delete erases it.
button-class-accept = ✅ I accept
class-accepted = ✅ Welcome, { $name }. /class shows your classes.
class-invitation-gone = This invitation was taken or is too old. Who sent it can make a new one.
class-yours = 👩‍🏫 <b>Your classes</b>
class-yours-none = 👩‍🏫 You have no class yet.
class-line = • { $name } · grade { $grade } · pupils: { $members }
class-no-pages = The pages for teachers are not set up here.
class-link-how = The button opens your classes in a browser. It works for 10 minutes, once; do not pass it on.
button-class-open = 🌐 Open in the browser
button-class-new = ➕ New class
class-ask-grade = Which grade is the new class?
class-ask-name = What is it called? Write a name such as 7A.
button-class-code = 🔗 Code, link and picture
button-class-rotate = 🔄 New code
button-class-topic = 📚 Topic of the week
button-class-colleague = 👥 Co-teacher
button-class-close = ⛔ Close the class
button-class-menu = 🏫 The class
class-code = 🔗 <b>{ $name }</b>: your pupils write <code>/class { $code }</code> to me, or open { $link }

    It works until { $day }. You see only who agrees, and from then on.
class-ask-close = Close <b>{ $name }</b> for good? Nobody can join, and you will not see its pupils any more.
button-class-close-sure = ⛔ Yes, close it
class-closed = { $name } is closed.
class-ask-topic = From which chapter shall problems of <b>{ $name }</b> come this week? A pupil’s own choice goes first, and everybody can go back to all chapters.
class-topic-runs = Topic of the week: { $topic }, until { $day }
class-topic-set = 👍 { $name }: problems come from { $topic } until { $day }.
class-topic-none = 👍 { $name }: no topic of the week.
class-ask-colleague = Who shall have <b>{ $name }</b> too? They see the same as you; your pupils see their name by /class.
class-no-colleague = No other teacher of { $school } is at Dars yet.
class-colleague-added = 👍 { $name } has the class too.
class-none = Your teacher can give you a code or a link for a class. Write it like this: /class ABCDEF
class-no-code = No class has this code (any more). Look once more, or ask your teacher for it.
class-first-register = 🏫 You come by the link of a class. First a few questions; then open the link once more.
class-ask-join = 🏫 <b>{ $teachers }</b> of { $school } invites you to the class <b>{ $name }</b>.

    If you join, the teachers of the class see, from now on:
    • your first name
    • each problem you are asked: what you type, whether it is right, hints, time, the day
    • what they show: topics, mistakes that have a name, when a word may help
    • answers of yours that you think are right
    They do not see anything else you write here. /class always shows you what they see, and you can leave with one tap.

    Tell a parent or guardian first: by joining you say that they know.
button-class-join = ✅ Join: a parent knows
button-class-join-before = ✅ Join, and show what was before
button-class-refuse = ❌ Do not join
class-refused = 👍 You did not join. Nobody sees anything.
class-joined = 🏫 You are in <b>{ $name }</b> with { $teachers }. /class shows what they see, and the way out.
class-left = 👋 You left. Its teachers see nothing of you any more, and their notes about you are deleted.
class-gone = This class is not there any more, or it is not yours. /class shows what there is.
class-full = There is no room in this class, or it is your own.
class-too-many = That were too many wrong codes. Try again in an hour.
class-seen = 🏫 <b>{ $name }</b>, { $school }: what <b>{ $teachers }</b> sees of you, { $since } to { $until }
class-seen-all = All
class-seen-line = • { $topic }: asked { $asked }, right alone { $alone }, solved { $solved }, hints { $hints }, last { $day }
class-seen-nothing = No problem was asked in these days.
class-seen-flags = Why they may want a word with you:
class-seen-notes = Their notes:
class-seen-note = 📝 { $text }
class-seen-after = And each of your answers since you joined, as you typed it.
class-seen-before = And each of your answers, as you typed it, also from before you joined.
button-class-leave = 👋 Leave { $name }
