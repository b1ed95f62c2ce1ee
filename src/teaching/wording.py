"""Which text says the numbers behind a flag, the same at every door. Pure."""

from src.insights.flags import Flag, FlagKind
from src.words import Words


def flag_name(t: Words, flag: Flag) -> str:
    """Return what a flag is called, with its topic."""
    if flag.kind is FlagKind.STUCK:
        return t("flag-stuck", topic=t.topic(flag.topic))
    return t(f"flag-{flag.kind}")


def flag_numbers(t: Words, flag: Flag) -> str:
    """Return the numbers behind a flag; shares are of a hundred."""
    e = flag.evidence
    shares = {"elsewhere", "before", "now", "pace"} & e.keys()
    values = {name: round(100 * e[name]) for name in shares}
    values |= {name: round(value) for name, value in e.items() if name not in shares}
    if "usual_gap" in values:
        values["gap"] = values.pop("usual_gap")
    values.pop("chance", None)
    return t(f"flag-{flag.kind}-numbers", **dict(sorted(values.items())))
