## Every page

product = Dars for teachers
to-content = To the content

## The way in

entrance-title = Pages for teachers
entrance-how = Write /class to the Dars bot and press “Open in the browser”. The link works for 10 minutes.
entrance-who = You are no teacher at Dars yet? Who runs it at your school invites you.

## Errors

error-400 = The browser sent something that this page cannot read. Go back and try again.
error-403 = This form was not sent from a page of ours, or it is too old. Open the page again and press once more.
error-404 = There is nothing here, or it is not yours to see.
error-405 = This page cannot be opened like that. Go back and press the button.
error-410 = This link has been used or is too old. Write /class to the bot: it gives you a new one.
error-413 = That is too much at once.
error-422 = Something in the form is not as it should be. Go back and look at it once more.
error-429 = Too many at once. Wait a minute and try again.
error-500 = Something broke on our side. Nothing of yours is lost; try again in a minute.
error-503 = Dars cannot reach its data at the moment. Nothing is lost; try again in a minute.
error-401 = You are not signed in here (any more). Write /class to the Dars bot and press “Open in the browser”.
error-not-fresh = For an export you must have come in within the last 15 minutes. Write /class to the bot, come in by the new link, and press once more.
error-409 = There is no more room.

## In and out

enter-how = This link was made for you by the Dars bot. Press the button to come in; it works once.
dars = Dars
school-title = Connect your school
school-ask = This shows your courses, work and marks at { $school } to the Telegram account of { $name }. Is that your own account?
school-yes = Yes, connect my school
school-not-you = If somebody sent you here and it is not your account, close this page: nothing is connected.
school-done = Your school is connected. Go back to the chat: what is due comes there.
school-refused = Nothing was connected. You can close this page.
school-failed = The school did not let us in. Go back to the chat and begin again with /canvas.
enter = Come in
sign-out = Sign out
sign-out-everywhere = Sign out everywhere
sign-out-everywhere-why = Signed in on a shared computer, or a link in the wrong hands? This ends every browser at once.

## Classes

classes-title = Your classes
classes-none = You have no class yet. Make one here, or by /class in the bot.
class-about = Class { $grade } · pupils: { $members }
class-new = A new class
class-name = Name, such as 7A
class-grade = Grade
class-make = Make the class
class-empty = Nobody has joined yet. Give your pupils the code below.
class-close = Close this class
class-close-what = Nobody can join any more, and you will not see its pupils any more. They go on practising.
class-close-sure = Close it for good

## Talk to these

talk-title = Talk to these
talk-one = A word with this pupil?
talk-nobody = Nobody needs a word today, as far as the numbers say.
talk-more = { $flags } more
talk-too-little = Too little to say anything of (fewer than { $least } answers):
flag-why = Why is this said?

## Teach this tomorrow

teach-title = Teach this tomorrow
teach-window = From the last { $days } days.
teach-nothing = Nothing stands out in these days.
hard-title = Hard topics
hard-numbers = right alone in { $alone } of { $asked } problems; pupils: { $pupils }
mistakes-title = The most common mistakes
mistake-who = Pupils: { $pupils }, times: { $times }.
typed = Typed:
answer-stored = Right answer: { $answer }
figure-of-problem = The picture of the problem

## The table

table-title = Pupils and topics
table-window = { $since } to { $until }, by each pupil’s own calendar.
table-legend = “Right alone” is right at the first try, without hint or help. A dash: nothing was asked.
topic-all = All topics together
topic-each = Each topic apart
show = Show
column-name = Pupil
column-topic = Topic
column-asked = Asked
column-alone = Right alone
column-share = Of 100
column-solved = Solved
column-hints = Hints
column-last = Last day

## Disputes

disputes-title = Answers they defend
disputes-none = None is waiting.
dispute-accept = It is right
dispute-decline = It stays wrong

## Joining

joining-title = Joining
joining-how = Your pupils write this to the Dars bot. /class in your own chat gives a link and a QR picture too.
joining-until = The code works until { $day }.
joining-rotate = Make a new code
computed = Everything here is computed from the answers at this moment.

## A pupil

pupil-sees-this = The pupil sees the same, by /class in the bot. That you looked is noted.
pupil-too-little = Too little to say anything: fewer than { $least } answers.
pupil-no-flag = Nothing stands out.
pupil-topics = Topics
pupil-nothing = No problem was asked in these days.
pupil-opened = Looked at and not answered: { $opened }. They count for nothing.
notes-title = Notes
notes-who = Teachers of this class see and write notes; the pupil can read them too. They are deleted when the pupil leaves.
note-new = A new note
note-keep = Keep
note-delete = Delete
label = Your own name for this pupil
answers-title = Answers
answers-none = None yet.
answers-older = Older answers
answer-hints = hints: { $hints }
answer-seconds = { $seconds } s
state-alone = Right at the first try, alone
state-solved = Solved with tries or help
state-missed = Not solved
state-skipped = Skipped
state-tried = Tried and left open
state-opened = Looked at, not answered
verdict-correct = right
verdict-wrong = wrong
verdict-wrong_form = asked again: another form is wanted
verdict-unreadable = asked again: it could not be read
