"""``hattama forms list|show|check``: which forms are known, and what is wrong with yours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.console import emit, out
from cli.lang import Lang, pick
from cli.options import JsonFlag, LangOpt, chosen
from cli.render import show, table, yes_no
from cli.words import heads
from tally.errors import ExitCode
from tally.form import Form, load_form, shipped_forms, validate_file

forms = typer.Typer(no_args_is_help=True, help="The printed forms that can be read.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(forms, name="forms")


@forms.command("list")
def list_forms(json_: JsonFlag = False, lang: LangOpt = None) -> None:
    """List the forms that come with the program."""
    known = shipped_forms()
    if json_:
        emit({"forms": [_summary(form) for form in known]})
        return
    tongue = chosen(lang)
    rows = [
        (f.id, pick(f.title, tongue), len(f.fields), len(f.checks), yes_no(f.reconstruction, tongue))
        for f in known
    ]
    made = table(heads(tongue, "id", "title", "field", "check", "reconstruction"), rows, numbers=(2, 3))
    show(out(), made)


@forms.command("show")
def show_form(
    form: Annotated[str, typer.Argument(help="Form id, or a .toml file.")],
    json_: JsonFlag = False,
    lang: LangOpt = None,
) -> None:
    """Show the rows and checks of one form, and where it comes from."""
    loaded = load_form(form)
    if json_:
        emit(_details(loaded))
        return
    _print_form(loaded, chosen(lang))


@forms.command("check")
def check_form(
    file: Annotated[Path, typer.Argument(help="Your form file (TOML).")], json_: JsonFlag = False
) -> None:
    """Say what is wrong with a form file, line by line. Exit code 5 if anything is."""
    problems = validate_file(file)
    if json_:
        emit(
            {
                "file": str(file),
                "ok": not problems,
                "problems": [{"line": p.line, "message": p.message} for p in problems],
            }
        )
    elif problems:
        for problem in problems:
            print(f"{file}:{problem.line}: {problem.message}")
    else:
        print(f"{file}: ok")
    if problems:
        raise typer.Exit(int(ExitCode.UNKNOWN_FORM))


def _summary(form: Form) -> dict[str, Any]:
    return {
        "id": form.id,
        "title": dict(form.title),
        "source": form.source,
        "source_seen": form.source_seen,
        "reconstruction": form.reconstruction,
        "fields_count": len(form.fields),
        "checks_count": len(form.checks),
    }


def _details(form: Form) -> dict[str, Any]:
    fields = [
        {
            "code": field.code,
            "labels": {tongue: list(variants) for tongue, variants in field.labels.items()},
            "digits": field.digits,
            "ceiling": field.ceiling,
            "dash": field.dash,
            "crossed": field.crossed,
            "blank": field.blank,
            "repeat": field.repeat,
            "required": field.required,
            "group": field.group,
        }
        for field in form.fields
    ]
    checks = [
        {
            "id": check.id,
            "says": dict(check.says),
            "left": list(check.left),
            "relation": check.relation,
            "right": list(check.right),
            "tolerance": check.tolerance,
            "factor": str(check.factor),
            "severity": check.severity,
            "law": check.law,
        }
        for check in form.checks
    ]
    return _summary(form) | {"header": [f.code for f in form.header], "fields": fields, "checks": checks}


def _print_form(form: Form, lang: Lang) -> None:
    console = out()
    console.print(f"{form.id}: {pick(form.title, lang)}")
    console.print(form.source)
    rows = []
    for field in form.fields:
        variants = pick({tongue: v[0] for tongue, v in field.labels.items() if v}, lang)
        rows.append(
            (
                field.code + (".N" if field.repeat else ""),
                variants,
                field.digits,
                field.ceiling,
                field.dash,
                field.blank,
            )
        )
    made = table(
        heads(lang, "field", "label", "digits", "ceiling", "meaning_dash", "blank"), rows, numbers=(2, 3)
    )
    show(console, made)
    checks = [(check.id, pick(check.says, lang), check.severity) for check in form.checks]
    show(console, table(heads(lang, "check", "says", "severity"), checks))
