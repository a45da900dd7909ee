"""``hattama bundle`` and ``hattama verify``: the proof as one folder, and the check that needs no trust in us."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from cli.console import emit, note, out
from cli.crops import PhotoCutter
from cli.lang import Lang
from cli.options import CaseArg, JobsOpt, JsonFlag, LangOpt, chosen
from cli.pool import READ_LIMITS, default_jobs
from cli.progress import progress
from cli.render import show, table
from cli.words import heads, word
from tally.bundle.attest import attach, request, sign, sign_pdf
from tally.bundle.check import check_bundle
from tally.bundle.compare import compare_bundles
from tally.bundle.contents import contents_of
from tally.bundle.public import write_public
from tally.bundle.seal import seal
from tally.bundle.verified import Verified
from tally.bundle.write import write_bundle
from tally.case import open_case
from tally.checkpoint import read_checkpoint
from tally.errors import ExitCode, UsageError
from tally.own_election import record_changes


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("bundle")(bundle)
    app.command("verify")(verify)
    group = typer.Typer(help="Timestamps and signatures over a bundle.", no_args_is_help=True)
    group.command("request")(attest_request)
    group.command("add")(attest_add)
    group.command("sign")(attest_sign)
    group.command("pdf")(attest_pdf)
    app.add_typer(group, name="attest")


def bundle(
    case: CaseArg,
    target: Annotated[Path, typer.Argument(metavar="OUT", help="New folder for the bundle.")],
    report: Annotated[
        list[Lang] | None,
        typer.Option("--report", help="Language of the paper report; repeatable. Default: kk and ru."),
    ] = None,
    without_report: Annotated[bool, typer.Option("--no-report", help="No paper report.")] = False,
    public: Annotated[
        bool, typer.Option("--public", help="For everybody: numbers and their crops, no photos, no people.")
    ] = False,
    seal_to: Annotated[
        list[str] | None,
        typer.Option("--seal-to", metavar="AGE-KEY", help="Also write OUT.tar.age for this key; repeatable."),
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="CASE and OUT are two bundles: what was added or changed.")
    ] = False,
    jobs: JobsOpt = None,
    json_: JsonFlag = False,
) -> None:
    """Pack a case for a court: every number leads to its crop, its photo, its readers and its history.

    The same case gives the same bytes. Names of senders and reviewers are inside: it is for the court, not for
    the public.
    """
    if compare:
        _compare(case, target, json_)
        return
    opened = open_case(case)
    record_changes(opened)
    found = contents_of(opened)
    cutter = PhotoCutter(jobs or default_jobs())
    languages = [] if without_report else [lang.value for lang in report or (Lang.KK, Lang.RU)]
    with progress("bundle", len(found.state.readings)) as step:
        if public:
            name = write_public(opened, found, target, cutter, step)
        else:
            name = write_bundle(opened, found, target, cutter, languages, step)
    if seal_to:
        seal(target, target.with_name(f"{target.name}.tar.age"), seal_to)
    if json_:
        emit({"bundle": name, "path": str(target), **found.checkpoint.to_dict()})
    else:
        note(f"{target}: {name}")


def _compare(earlier: Path, later: Path, json_: bool) -> None:
    """Exit code 1 if the later bundle does not continue the history of the earlier one."""
    found = compare_bundles(earlier, later)
    if json_:
        emit(found.to_dict())
    else:
        data = found.to_dict()
        rows = [(key, name) for key, names in data["files"].items() for name in names]
        rows += [(f"sum {name}", f"{one['old']} -> {one['new']}") for name, one in found.sums.items()]
        rows += [(f"finding {key}", text) for key, texts in data["findings"].items() for text in texts]
        show(out(), table((), rows))
        note(f"+{found.events_added} events" if found.extends else "the history is another one")
    if not found.extends:
        raise typer.Exit(int(ExitCode.DIFFERENCES))


def verify(
    folder: Annotated[Path, typer.Argument(metavar="BUNDLE", help="Folder of a bundle.")],
    checkpoint: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A checkpoint of the ledger that was kept elsewhere."),
    ] = None,
    trusted: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Certificates of an authority or signer, or a signer's public key, obtained elsewhere.",
        ),
    ] = None,
    jobs: JobsOpt = None,
    json_: JsonFlag = False,
    lang: LangOpt = None,
) -> None:
    """Check a bundle from the inside out: hashes, history, crops, readings, sums, findings.

    Every problem is listed with its file. Exit code 6 if there is one.
    """
    kept = read_checkpoint(checkpoint) if checkpoint is not None else None
    pems = tuple(file_bytes(path) for path in trusted or ())
    found = check_bundle(folder, PhotoCutter(jobs or default_jobs(), READ_LIMITS), kept, pems)
    if json_:
        emit(found.to_dict())
    else:
        _print(found, chosen(lang))
    if found.problems:
        raise typer.Exit(int(ExitCode.BUNDLE_INVALID))


BundleArg: TypeAlias = Annotated[Path, typer.Argument(metavar="BUNDLE", help="Folder of a bundle.")]
NameArg: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits, hyphens.")]


def attest_request(folder: BundleArg, name: NameArg) -> None:
    """Write a timestamp request (RFC 3161) to send to the authority NAME. Nothing is sent from here."""
    note(str(request(folder, name)))


def attest_add(
    folder: BundleArg,
    name: NameArg,
    response: Annotated[Path, typer.Argument(metavar="ANSWER.tsr", help="What the authority answered.")],
    certificates: Annotated[
        Path, typer.Argument(metavar="CERTS.pem", help="Its certificates, up to the root.")
    ],
) -> None:
    """Attach the answer of a timestamp authority, as it came."""
    note(str(attach(folder, name, file_bytes(response), file_bytes(certificates))))


def attest_sign(
    folder: BundleArg,
    name: NameArg,
    key: Annotated[Path, typer.Option("--key", metavar="KEY.pem", help="Ed25519 private key.")],
) -> None:
    """Sign a bundle, for openssl and minisign. Make a key with: openssl genpkey -algorithm ed25519 -out KEY.pem."""
    note(str(sign(folder, name, file_bytes(key))))


def attest_pdf(
    folder: BundleArg,
    name: NameArg,
    key: Annotated[Path, typer.Option("--key", metavar="KEY.pem", help="Private key of the signer.")],
    certificates: Annotated[
        Path,
        typer.Option("--cert", metavar="CERT.pem", help="The signer's certificate, then those above it."),
    ],
    report: Annotated[Lang, typer.Option("--report", help="Language of the report to sign.")] = Lang.RU,
) -> None:
    """Put a signature into a copy of a paper report. The report in the bundle stays as it is."""
    made = sign_pdf(folder, name, report.value, file_bytes(key), file_bytes(certificates))
    note(str(made))


def file_bytes(path: Path) -> bytes:
    """A file that the user named. Raises :class:`UsageError`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}.", file=str(path)) from error


def _print(found: Verified, lang: Lang) -> None:
    rows = [(word(f"bundle_{one.what}", lang), one.file, one.message) for one in found.problems]
    show(out(), table(heads(lang, "what", "file", "problem"), rows))
    for name, day in found.earlier:
        note(f"{name}: {word('bundle_earlier', lang)} {day}")
    for name in found.attested:
        note(f"{name}: {word('bundle_attested', lang)}")
    for key in found.notes:
        note(word(f"bundle_{key}", lang))
    told = "bundle_invalid" if found.problems else "bundle_valid"
    note(f"{found.bundle}: {word(told, lang)} ({len(found.problems)})")
