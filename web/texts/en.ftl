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
