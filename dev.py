#!/usr/bin/env python3
"""Manyhands from nothing: makes the Python environment, brings up PostgreSQL and Valkey, runs the product.

    demo           the whole product on this machine, with sample projects
    test [ARGS]    every test; ARGS go to pytest
    manage ARGS    a command of manage.py on the demo's data, whether the demo runs or not
    bench [NAME]   a benchmark; without a name, the list of them
    down           stop everything of a data directory

`python3 dev.py COMMAND --help` says more. DATABASE_URL and REDIS_URL name servers that run already: then none is started.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  this is where older ones are told
    sys.exit(f"Manyhands needs Python 3.11 or newer; this is {sys.version.split()[0]}, {sys.executable}.")

import argparse
import os
import signal
from pathlib import Path

from deploy.embedded import demo, engines, environment, program, trials
from deploy.embedded.trouble import Trouble, say

DATA = environment.ROOT / ".data"
ON_FILES_ALONE = ("aggregate", "replay")  # commands that need no engines


def data_directory(options: argparse.Namespace, default: Path = DATA) -> Path:
    """The data directory: `--data-dir`, else MANYHANDS_DATA_DIR, else `.data` beside this file."""
    return Path(options.data_dir or os.environ.get("MANYHANDS_DATA_DIR") or default).expanduser().resolve()


def run_demo(options: argparse.Namespace, _rest: list[str]) -> int:
    """The whole product, until Ctrl-C."""
    chosen = {name: getattr(options, name) for name in ("port", "seed", "simulate", "browser")}
    return demo.run(demo.Wishes(data=data_directory(options), **chosen))


def run_manage(options: argparse.Namespace, rest: list[str]) -> int:
    """A command of manage.py against the demo's data, whether the demo runs or not."""
    python, data = environment.ready(environment.RUN), data_directory(options)
    command = [str(python), str(environment.ROOT / "manage.py"), *rest]
    if rest[0] in ON_FILES_ALONE:
        return program.hand_over(command, program.variables(data, engines.Engines(None, None)))
    with engines.up(data, environment.FOLDER) as running:
        return program.hand_over(command, program.variables(data, running))


def run_test(_options: argparse.Namespace, rest: list[str]) -> int:
    """pytest with engines that are thrown away."""
    return trials.test(environment.ready(environment.DEVELOP), rest)


def run_bench(options: argparse.Namespace, rest: list[str]) -> int:
    """A program of `benchmarks/`, with engines of its own."""
    return trials.bench(rest[0], rest[1:], data_directory(options, DATA / "bench"))


def run_down(options: argparse.Namespace, _rest: list[str]) -> int:
    """Stop the demo and the engines of a data directory."""
    data = data_directory(options)
    say(f"The demo of {data} is stopped." if demo.down(data) else f"No demo of {data} was running.")
    return 0


def people(text: str) -> int:
    """A number of people: 0 or more."""
    if int(text) < 0:
        raise ValueError(text)
    return int(text)


def command_line() -> argparse.ArgumentParser:
    """The grammar. What follows `manage`, `test` and `bench` is theirs, `--help` too once a name stands before it."""
    parser = argparse.ArgumentParser(
        prog="dev.py",
        usage="python3 dev.py COMMAND",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", help=argparse.SUPPRESS)
    for name, (act, usage) in COMMANDS.items():
        own = name in OWN_ARGUMENTS
        command = commands.add_parser(
            name,
            usage=f"python3 dev.py {name} {usage}",
            description=f"{act.__doc__}\n\n{OWN_ARGUMENTS.get(name, '')}",
            formatter_class=argparse.RawTextHelpFormatter,
            add_help=not own,
            allow_abbrev=False,
        )
        command.set_defaults(act=act, print_help=command.print_help)
        command.add_argument(
            "--data-dir", metavar="DIR", help="where the data is kept (default: MANYHANDS_DATA_DIR, else .data)"
        )
        if name == "demo":
            add_wishes(command)
    return parser


COMMANDS = {
    "demo": (run_demo, "[--port N] [--data-dir DIR] [--no-seed] [--simulate N] [--no-browser]"),
    "test": (run_test, "[PYTEST ARGUMENTS]"),
    "manage": (run_manage, "[--data-dir DIR] COMMAND [ARGUMENTS]"),
    "bench": (run_bench, "[--data-dir DIR] NAME [--quick] [--json FILE]"),
    "down": (run_down, "[--data-dir DIR]"),
}
OWN_ARGUMENTS = {
    "test": "Everything after `test` goes to pytest:\n    python3 dev.py test tests/quality -k gold -x",
    "manage": "`python3 dev.py manage help` lists the commands, `python3 dev.py manage COMMAND --help` explains one.",
    "bench": "`python3 dev.py bench NAME --help` explains one.",
}


def add_wishes(command: argparse.ArgumentParser) -> None:
    """What only the demo can be asked for."""
    command.add_argument("--port", type=int, default=8000, help="the port of the web server (default: 8000)")
    command.add_argument("--no-seed", dest="seed", action="store_false", help="without sample projects and people")
    command.add_argument("--simulate", type=people, default=0, metavar="N", help="N simulated people work along")
    command.add_argument("--no-browser", dest="browser", action="store_false", help="do not open a browser")


def wants_help(name: str, rest: list[str]) -> bool:
    """Whether the help wanted is ours: nothing is named that has one of its own."""
    return rest[:1] in (["-h"], ["--help"]) or (not rest and name in ("manage", "bench"))


def listen_for_the_end() -> None:
    """Let every way of asking stop what was started: Ctrl-C, also where a shell's `&` had it ignored; not after `nohup`."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.default_int_handler)


def main() -> int:
    """Run one command; what went wrong is said in words."""
    parser = command_line()
    options, rest = parser.parse_known_args()
    if options.command not in OWN_ARGUMENTS and rest:
        parser.error(f"{options.command} does not know {' '.join(rest)}")
    if options.command in OWN_ARGUMENTS and wants_help(options.command, rest):
        options.print_help()
        print("\n".join(["", "Benchmarks:", *trials.benchmarks()]) if options.command == "bench" else "")
        return 0
    listen_for_the_end()
    try:
        return int(options.act(options, rest))
    except Trouble as trouble:
        say(f"\n{trouble}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
