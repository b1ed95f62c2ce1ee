"""The frame and the parts of the school's pages: plain HTML that needs no script."""

from html import escape
from typing import Any

from sandbox.canvas.dates import KINDS
from sandbox.canvas.faults import Switches
from sandbox.canvas.state import Row, School
from sandbox.canvas.times import local
from sandbox.canvas.words import Words
from sandbox.canvas.work import students_of

ZONE = "Asia/Dhaka"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Origin is null on the forms of a page that names no referrer at all.
    "Referrer-Policy": "same-origin",
}
_DUE = KINDS[0]
_MOST_PUPILS, _MOST_PEOPLE = 300, 50


def document(text: Words, title: str, body: str) -> str:
    """A whole page."""
    return (
        f'<!doctype html><html lang="{text.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(title)}</title>'
        '<link rel="stylesheet" href="/fonts/fonts.css">'
        f'<link rel="stylesheet" href="/school/style.css"></head><body>{body}</body></html>'
    )


def school_page(school: School, text: Words, course: Row, faults: Switches, said: str) -> str:
    """The page on which one plays the teacher."""
    parts = (
        _add(text, course),
        _tasks(school, text, course),
        _faults(text, course, faults),
        _tokens(school, text, course),
    )
    note = f'<p class="said" role="status">{escape(said)}</p>' if said else ""
    body = f'{_head(school, text, course)}<main id="main">{note}{"".join(parts)}</main>'
    return document(text, f"{course['name']} · {text['title']}", body)


def _head(school: School, text: Words, course: Row) -> str:
    here = f"/school?course={course['id']}"
    links = "".join(_course_link(one, course, text) for one in school.courses)
    return (
        f'<a class="skip" href="#main">{text["skip"]}</a><header><h1>{text["title"]}</h1>'
        f"<p>{text['intro']}</p>"
        f'<nav aria-label="{text["language"]}"><a href="{here}&amp;lang=en" lang="en"'
        f'{_current(text.language == "en")}>English</a> <a href="{here}&amp;lang=bn" lang="bn"'
        f"{_current(text.language == 'bn')}>বাংলা</a></nav>"
        f'<nav aria-label="{text["courses"]}">{links}</nav></header>'
    )


def _course_link(one: Row, course: Row, text: Words) -> str:
    link = f"/school?course={one['id']}&amp;lang={text.language}"
    return f'<a href="{link}"{_current(one is course)}>{escape(one["name"])}</a> '


def _current(yes: bool) -> str:  # the one thing it is asked
    return ' aria-current="true"' if yes else ""


def form(text: Words, course: Row, action: str, inside: str, **hidden: Any) -> str:
    """A form that does one thing and comes back to the page."""
    fields = {"action": action, "course": course["id"], "lang": text.language, **hidden}
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{escape(str(value))}">'
        for name, value in fields.items()
    )
    return f'<form method="post" action="/school/do">{inputs}{inside}</form>'


def _button(text: Words, key: str, *, about: str = "", kind: str = "") -> str:
    # The name of the thing is read out, not shown: twenty buttons say "Delete".
    named = f'<span class="unseen"> {escape(about)}</span>' if about else ""
    return f'<button class="{kind}">{text[key]}{named}</button>'


def _field(label: str, name: str, kind: str, value: str = "", more: str = "") -> str:
    return (
        f'<label><span>{label}</span><input type="{kind}" name="{name}" '
        f'value="{escape(value)}" {more}></label>'
    )


def _check(label: str, name: str, *, checked: bool) -> str:
    mark = " checked" if checked else ""
    return (
        f'<label class="check"><input type="checkbox" name="{name}" value="true"{mark}>'
        f"<span>{label}</span></label>"
    )


def _add(text: Words, course: Row) -> str:
    inside = (
        _field(text["name"], "name", "text", more='required maxlength="255"')
        + _field(text["due"], _DUE, "datetime-local")
        + _field(text["points"], "points_possible", "number", "10", 'min="0" step="any"')
        + _check(text["visible"], "published", checked=True)
        + _button(text, "do_add")
    )
    card = f'<div class="card">{form(text, course, "add", inside)}</div>'
    return f"<section><h2>{text['add']}</h2>{card}</section>"


def _tasks(school: School, text: Words, course: Row) -> str:
    rows = school.assignments.of("course_id", course["id"])
    items = "".join(_task(school, text, course, one) for one in rows)
    return f"<section><h2>{text['tasks']}</h2>{items or text['no_tasks']}</section>"


def _task(school: School, text: Words, course: Row, one: Row) -> str:
    state = one["workflow_state"]
    due = text.moment(one["due_at"], ZONE)
    points = text.number(one["points_possible"] or 0)
    head = (
        f"<h3>{escape(one['name'])}</h3><p>{due} · {text['points']}: {points} · "
        f'<span class="state {state}">{text[state]}</span></p>'
    )
    if state == "deleted":
        inside = _one_button(text, course, one, "restore")
    else:
        summary = (
            f'<summary>{text["change"]}<span class="unseen"> {escape(one["name"])}</span></summary>'
        )
        inside = f"<details>{summary}{_changes(school, text, course, one)}</details>"
    return f'<article class="card" id="task-{one["id"]}">{head}{inside}</article>'


def _changes(school: School, text: Words, course: Row, one: Row) -> str:
    shown = one["workflow_state"] == "published"
    value = f"{local(one['due_at'], ZONE):%Y-%m-%dT%H:%M}" if one["due_at"] else ""
    move = _field(text["due"], _DUE, "datetime-local", value, "required")
    move += _button(text, "move", about=one["name"])
    keys = ["undate"] * bool(one["due_at"]) + ["unpublish" if shown else "publish", "delete"]
    buttons = "".join(_one_button(text, course, one, key) for key in keys)
    return (
        form(text, course, "move", move, task=one["id"])
        + f'<div class="row">{buttons}</div>'
        + _marks(school, text, course, one)
    )


def _one_button(text: Words, course: Row, one: Row, key: str) -> str:
    kind = "danger" if key == "delete" else "quiet"
    return form(text, course, key, _button(text, key, about=one["name"], kind=kind), task=one["id"])


def _marks(school: School, text: Words, course: Row, one: Row) -> str:
    rows = {row["user_id"]: row for row in school.submissions.of("assignment_id", one["id"])}
    pupils = [school.users.get(number) or {} for number in students_of(school, course["id"])]
    options = "".join(
        _option(user["id"], f"{user['name']}: {_work(text, rows[user['id']])}")
        for user in pupils[:_MOST_PUPILS]
        if user["id"] in rows
    )
    choice = f'<label><span>{text["pupil"]}</span><select name="pupil">{options}</select></label>'
    inside = choice + _field(text["mark"], "grade", "text", more='inputmode="decimal"')
    inside += f'<div class="row">{_button(text, "do_mark", about=one["name"])}'
    inside += f'<button class="quiet" name="hand_in" value="yes">{text["hand_in"]}</button></div>'
    return f"<h4>{text['marks']}</h4>{form(text, course, 'mark', inside, task=one['id'])}"


def _option(value: int, label: str, *, chosen: bool = False) -> str:
    return f'<option value="{value}"{" selected" * chosen}>{escape(label)}</option>'


def _work(text: Words, row: Row) -> str:
    if row["score"] is not None:
        return text.number(row["score"])
    return text["handed_in"] if row["submitted_at"] else text["nothing"]


def _faults(text: Words, course: Row, faults: Switches) -> str:
    percent = 'min="0" max="100" step="any"'
    options = "".join(
        _option(code, str(code), chosen=faults.throttle_status == code) for code in (429, 403)
    )
    inside = (
        _field(text["slow"], "latency_ms", "number", f"{faults.latency_ms:g}", 'min="0"')
        + _field(text["cut"], "drop_rate", "number", f"{100 * faults.drop_rate:g}", percent)
        + _field(text["error"], "error_rate", "number", f"{100 * faults.error_rate:g}", percent)
        + _field(
            text["throttle"], "throttle_rate", "number", f"{100 * faults.throttle_rate:g}", percent
        )
        + f"<label><span>{text['throttle_form']}</span>"
        + f'<select name="throttle_status">{options}</select></label>'
        + _check(text["empty_pages"], "empty_pages", checked=faults.empty_pages)
        + _button(text, "do_faults")
    )
    calm = form(text, course, "calm", _button(text, "no_faults", kind="quiet"))
    return (
        f"<section><h2>{text['faults']}</h2><p>{text['faults_intro']}</p>"
        f'<div class="card">{form(text, course, "faults", inside)}{calm}</div></section>'
    )


def _tokens(school: School, text: Words, course: Row) -> str:
    people = list(school.users)[:_MOST_PEOPLE]
    items = "".join(_person(school, text, course, user) for user in people)
    reset = form(text, course, "reset", _button(text, "reset", kind="danger"))
    return f"<section><h2>{text['tokens']}</h2>{items}{reset}</section>"


def _person(school: School, text: Words, course: Row, user: Row) -> str:
    mine = [one for one in school.tokens if one["user_id"] == user["id"]]
    tokens = "".join(_token(school, text, course, one, user["name"]) for one in mine)
    feed = f"/feeds/calendars/user_{user['feed_secret']}.ics"
    new = _button(text, "new_token", about=user["name"], kind="quiet")
    return (
        f'<article class="card"><h3>{escape(user["name"])}</h3>{tokens}'
        f'<p>{text["feed"]}: <a href="{feed}">{feed}</a></p>'
        f"{form(text, course, 'new_token', new, user=user['id'])}</article>"
    )


def _token(school: School, text: Words, course: Row, one: Row, name: str) -> str:
    state = "active"
    if one["workflow_state"] != "active":
        state = "revoked"
    elif (one["expires_at"] or "9") <= school.now:
        state = "expired"
    buttons = "".join(
        form(text, course, key, _button(text, key, about=name, kind="quiet"), token=one["id"])
        for key in (("revoke", "expire") if state == "active" else ())
    )
    return (
        f"<p>{text['token']}: <code>{escape(one['token'])}</code> "
        f'<span class="state {state}">{text[state]}</span></p><div class="row">{buttons}</div>'
    )
