"""``dars canvas``: the commands of connections, of the mirror, and of schools that are listed."""

from cli import canvas, canvas_mirror, canvas_school

app = canvas.app
app.add_typer(canvas_school.app, name="school")
for mirrored in canvas_mirror.COMMANDS:
    app.command()(mirrored)
